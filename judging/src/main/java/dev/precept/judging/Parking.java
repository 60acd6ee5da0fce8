package dev.precept.judging;

import dev.precept.model.ModelCallException;
import java.time.Duration;

/** How a task waits. A task that waits does not count as one that is handled, so that another may start meanwhile. */
@FunctionalInterface
public interface Parking {
    /** For calls that hold no permit of a task. */
    Parking NONE = Wait::await;

    /** An action that blocks, such as a sleep or the wait for a condition. */
    @FunctionalInterface
    interface Wait {
        void await() throws InterruptedException;
    }

    /**
     * Waits without a permit for a task, and returns with one.
     *
     * @throws InterruptedException if the worker stops or no longer owns the task, which is then left unfinished
     */
    void park(Wait wait) throws InterruptedException;

    /** A call failed, and is repeated unless its request is given up. */
    default void callFailed(ModelCallException cause) {}

    /** Waits for some time without a permit for a task. */
    default void park(Duration duration) throws InterruptedException {
        park(() -> Thread.sleep(duration));
    }
}

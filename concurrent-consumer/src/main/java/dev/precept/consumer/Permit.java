package dev.precept.consumer;

import java.time.Duration;

/** The permit of one record in flight. Only the thread that handles the record may use it. */
public interface Permit {
    /** An action that blocks, such as a sleep or the wait for a condition. */
    @FunctionalInterface
    interface Wait {
        void await() throws InterruptedException;
    }

    /**
     * Waits without the permit, so that another record can be handled meanwhile, and takes a permit again before it returns.
     * Parked records get their permits back before new records start.
     *
     * @throws InterruptedException if the consumer stops or the partition is revoked during the wait; the handler must then
     *     end, and the record stays unfinished
     */
    void park(Wait wait) throws InterruptedException;

    /** Waits for some time without the permit. */
    default void park(Duration duration) throws InterruptedException {
        park(() -> Thread.sleep(duration));
    }
}

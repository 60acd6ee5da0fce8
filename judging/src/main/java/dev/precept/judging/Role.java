package dev.precept.judging;

import dev.precept.schemas.Topic;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** What a worker does with a task: the one difference between generator and judge. */
public interface Role<T extends SpecificRecord, R extends SpecificRecord> {
    /** As it appears in groups, logs and the books. */
    String name();

    Topic<T> taskTopic();

    Topic<R> resultTopic();

    /** Works on one task; blocks as long as the endpoint needs. Thread-safe. */
    R handle(T task) throws InterruptedException;

    /** What was done beside the tasks, in one line; empty if nothing was. */
    default Optional<String> aside() {
        return Optional.empty();
    }

    /** Begins nothing beside the tasks any more: the worker stops. */
    default void stopBackground() {}

    /**
     * Waits until nothing is done beside the tasks; what is not done by then is cut.
     *
     * @param deadline of {@link System#nanoTime}
     */
    default void awaitBackground(long deadline) throws InterruptedException {}
}

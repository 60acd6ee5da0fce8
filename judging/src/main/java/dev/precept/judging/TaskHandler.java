package dev.precept.judging;

import dev.precept.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/** Turns a task of one topic into a result for another: the difference between generator and judge. Thread-safe. */
public interface TaskHandler<T extends SpecificRecord, R extends SpecificRecord> {
    /** The role, as it appears in consumer groups, logs and spend records. */
    String name();

    Topic<T> taskTopic();

    Topic<R> resultTopic();

    /**
     * Handles one task. Blocks until the endpoint has answered.
     *
     * @param parking how the task waits between two calls
     */
    R handle(T task, Parking parking) throws InterruptedException;

    /** The result of a task that cannot be handled, which makes its slot invalid. */
    R failed(T task, String detail);
}

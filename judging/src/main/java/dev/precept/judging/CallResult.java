package dev.precept.judging;

import dev.precept.model.Reply;
import dev.precept.records.Failure;

/** The result of a model call, after any retries. */
public sealed interface CallResult {
    /** The endpoint answered. */
    record Completed(Reply reply) implements CallResult {}

    /** The call was not made or did not complete. The reason distinguishes problems of the record from those of the run. */
    record Failed(Failure failure) implements CallResult {}
}

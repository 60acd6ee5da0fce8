package dev.precept.judging;

import dev.precept.model.Reply;
import dev.precept.records.Failure;

/** What became of a call. */
public sealed interface CallResult {
    /** The endpoint answered. */
    record Completed(Reply reply) implements CallResult {}

    /** It was not made, or not to its end, and the failure says whether that lies in the record or in the run. */
    record Failed(Failure failure) implements CallResult {}
}

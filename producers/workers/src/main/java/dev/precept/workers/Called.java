package dev.precept.workers;

import dev.precept.model.Reply;
import dev.precept.records.Failure;

/** What became of a call. */
sealed interface Called {
    /** The endpoint answered. */
    record Made(Reply reply) implements Called {}

    /** It was not made, or not to its end, and the failure says whether that lies in the record or in the run. */
    record GivenUp(Failure failure) implements Called {}
}

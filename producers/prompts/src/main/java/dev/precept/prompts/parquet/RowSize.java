package dev.precept.prompts.parquet;

import dev.precept.prompts.row.Row;
import org.jspecify.annotations.Nullable;

/** How much one row holds, counted while it is put together, so that what is too much is never held. */
final class RowSize {
    /** What a value costs beside its bytes: a file of a few bytes can repeat an empty one a billion times. */
    static final int VALUE_BYTES = 8;

    private long bytes;
    private @Nullable String fault;

    /** Counts; answers whether the row is still one to be held. */
    boolean tryAdd(long more) {
        bytes += more;
        return bytes <= Row.MAX_BYTES;
    }

    /** Notes what is wrong with a value; the first fault stays. */
    void fault(String what) {
        if (fault == null) {
            fault = what;
        }
    }

    long bytes() {
        return bytes;
    }

    @Nullable
    String fault() {
        return fault;
    }

    void clear() {
        bytes = 0;
        fault = null;
    }
}

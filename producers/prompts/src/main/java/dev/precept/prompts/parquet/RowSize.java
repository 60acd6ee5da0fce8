package dev.precept.prompts.parquet;

import dev.precept.prompts.row.Row;
import org.jspecify.annotations.Nullable;

/** Counts the size of a row while it is built, so that an oversize row is never held in memory. */
final class RowSize {
    /** Overhead per value: a file of a few bytes can repeat an empty value a billion times. */
    static final int VALUE_BYTES = 8;

    private long bytes;
    private @Nullable String fault;

    /** Adds to the size; returns whether the row is still within {@link Row#MAX_BYTES}. */
    boolean tryAdd(long more) {
        bytes += more;
        return bytes <= Row.MAX_BYTES;
    }

    /** Records the fault of a value; the first one is kept. */
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

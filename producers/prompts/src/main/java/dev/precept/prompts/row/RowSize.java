package dev.precept.prompts.row;

import org.jspecify.annotations.Nullable;

/** How much one row holds, counted while it is put together, so that what is too much is never held. */
public final class RowSize {
    /** What a value costs beside its bytes: a file of a few bytes can repeat an empty one a billion times. */
    public static final int VALUE_BYTES = 8;

    private long bytes;
    private @Nullable String fault;

    /** Counts; answers whether the row is still one to be held. */
    public boolean tryAdd(long more) {
        bytes += more;
        return bytes <= Row.MAX_BYTES;
    }

    /** Notes what is wrong with a value; the first fault stays. */
    public void fault(String what) {
        if (fault == null) {
            fault = what;
        }
    }

    public long bytes() {
        return bytes;
    }

    @Nullable
    public String fault() {
        return fault;
    }

    public void clear() {
        bytes = 0;
        fault = null;
    }
}

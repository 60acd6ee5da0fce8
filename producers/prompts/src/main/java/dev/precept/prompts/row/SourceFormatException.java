package dev.precept.prompts.row;

import java.io.IOException;

/** A file that is not what its extension says, with the place where that shows. */
public final class SourceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param what begins with {@code :line:column:} where a place is known */
    public SourceFormatException(String what) {
        super(what);
    }

    public String what() {
        return String.valueOf(getMessage());
    }
}

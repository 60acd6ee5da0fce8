package dev.precept.prompts.row;

import java.io.IOException;

/** A file does not match the format of its extension. The message has the location. */
public final class SourceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param what starts with {@code :line:column:} if the location is known */
    public SourceFormatException(String what) {
        super(what);
    }

    public String what() {
        return String.valueOf(getMessage());
    }
}

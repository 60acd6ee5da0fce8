package dev.precept.prompts;

import java.io.IOException;

/** A file that is not what its extension says, with the place where that shows. */
final class SourceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param what begins with {@code :line:column:} where a place is known */
    SourceFormatException(String what) {
        super(what);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}

package dev.precept.prompts.row;

import java.io.IOException;

/** A file does not match the format of its extension. The message has the location. */
public final class SourceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean quote;

    /** @param what starts with {@code :line:column:} if the location is known */
    public SourceFormatException(String what) {
        this(what, false);
    }

    private SourceFormatException(String what, boolean quote) {
        super(what);
        this.quote = quote;
    }

    /** A quote is not where a quoted cell begins or ends. */
    public static SourceFormatException misplacedQuote(String what) {
        return new SourceFormatException(what, true);
    }

    public boolean isQuote() {
        return quote;
    }

    public String what() {
        return String.valueOf(getMessage());
    }
}

package dev.precept.chattemplate;

/**
 * A token of a template.
 *
 * @param text the value of a string literal; else the source text
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        DATA,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        WHOLE,
        REAL,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    /** For messages. */
    String describe() {
        return kind == Kind.END ? "the end of the template" : "'" + text + "'";
    }
}

package dev.precept.chattemplate;

/** The text is not a template, or uses an unsupported feature of Jinja. */
public final class TemplateSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    TemplateSyntaxException(String problem, int line) {
        super(problem);
        this.line = line;
    }

    /** Counted from 1. */
    public int line() {
        return line;
    }
}

package dev.precept.chattemplate;

/** A text that is no template, or uses what chat templates do not have. */
public final class TemplateSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    TemplateSyntaxException(String problem, int line) {
        super(problem);
        this.line = line;
    }

    /** From 1. */
    public int line() {
        return line;
    }
}

package dev.precept.chattemplate;

/** Aborts a rendering; {@link Template} returns it as {@link Rendering.Failed}. */
final class RenderFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private int line;

    RenderFailure(String reason) {
        super(reason, null, false, false);
    }

    /** Sets the line unless an inner expression has set it. */
    RenderFailure at(int outerLine) {
        line = line == 0 ? outerLine : line;
        return this;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    int line() {
        return line;
    }
}

package dev.precept.chattemplate;

/** Ends a rendering; becomes {@link Rendering.Failed}. Never leaves the package. */
final class RenderFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private int line;

    RenderFailure(String reason) {
        super(reason, null, false, false);
    }

    /** The innermost line wins. */
    RenderFailure at(int known) {
        line = line == 0 ? known : line;
        return this;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    int line() {
        return line;
    }
}

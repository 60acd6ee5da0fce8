package dev.precept.chattemplate;

/** The result of rendering a template. */
public sealed interface Rendering {
    record Rendered(String text) implements Rendering {}

    /**
     * The template raised an error or exceeded a limit.
     *
     * @param line of the template; 0 if unknown
     */
    record Failed(String reason, int line) implements Rendering {}
}

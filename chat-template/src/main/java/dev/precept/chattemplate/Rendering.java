package dev.precept.chattemplate;

/** What came of applying a template. */
public sealed interface Rendering {
    /** The text. */
    record Rendered(String text) implements Rendering {}

    /**
     * The template gave up, or was cut off.
     *
     * @param line of the template; 0 if unknown
     */
    record Failed(String reason, int line) implements Rendering {}
}

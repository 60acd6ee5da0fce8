package dev.precept.spec;

final class Indent {
    private static final int DEEPEST = 3;

    private Indent() {}

    /** How many spaces a line starts with; -1 for more than three, which Markdown takes for a code block. */
    static int of(String line) {
        int spaces = 0;
        while (spaces < line.length() && line.charAt(spaces) == ' ') {
            spaces++;
        }
        return spaces > DEEPEST ? -1 : spaces;
    }
}

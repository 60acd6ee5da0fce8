package dev.precept.spec;

final class Indent {
    private static final int MAX_SPACES = 3;

    private Indent() {}

    /** Number of leading spaces; -1 for more than three, which make an indented code block. */
    static int of(String line) {
        int spaces = 0;
        while (spaces < line.length() && line.charAt(spaces) == ' ') {
            spaces++;
        }
        return spaces > MAX_SPACES ? -1 : spaces;
    }
}

package dev.precept.spec;

import org.jspecify.annotations.Nullable;

/**
 * An open code fence: at least three backticks or tildes, indented by at most three spaces (CommonMark 0.31, section 4.5).
 *
 * @param mark the character it is made of
 * @param length how many of them; a closing fence has at least as many
 */
record Fence(char mark, int length) {
    private static final int SHORTEST = 3;

    /** The fence that a line opens; null if it opens none. */
    static @Nullable Fence openedBy(String line) {
        int start = Indent.of(line);
        if (start < 0 || start == line.length()) {
            return null;
        }
        char mark = line.charAt(start);
        if (mark != '`' && mark != '~') {
            return null;
        }
        int end = endOfRun(line, start);
        // A backtick further on makes the line inline code, as in ```this```.
        boolean inline = mark == '`' && line.indexOf('`', end) >= 0;
        return end - start < SHORTEST || inline ? null : new Fence(mark, end - start);
    }

    boolean isClosedBy(String line) {
        int start = Indent.of(line);
        if (start < 0 || start == line.length() || line.charAt(start) != mark) {
            return false;
        }
        int end = endOfRun(line, start);
        return end - start >= length && line.substring(end).isBlank();
    }

    private static int endOfRun(String line, int start) {
        int end = start;
        while (end < line.length() && line.charAt(end) == line.charAt(start)) {
            end++;
        }
        return end;
    }
}

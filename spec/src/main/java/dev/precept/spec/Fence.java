package dev.precept.spec;

import org.jspecify.annotations.Nullable;

/**
 * An open code fence: at least three backticks or tildes, indented by at most three spaces (CommonMark 0.31, section 4.5).
 *
 * @param mark the character of the fence
 * @param length number of characters; a closing fence has at least as many
 */
record Fence(char mark, int length) {
    private static final int MIN_LENGTH = 3;

    /** Returns the fence that a line opens, or null. */
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
        // Another backtick in the line makes it inline code, as in ```this```.
        boolean inline = mark == '`' && line.indexOf('`', end) >= 0;
        return end - start < MIN_LENGTH || inline ? null : new Fence(mark, end - start);
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

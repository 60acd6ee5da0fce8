package dev.precept.spec;

import org.jspecify.annotations.Nullable;

/**
 * An ATX heading (CommonMark 0.31, section 4.2).
 *
 * @param level 1 to 6
 * @param text its words, without marks and label
 * @param label null for a heading that starts no clause
 */
record Heading(int level, String text, @Nullable Label label) {
    private static final int DEEPEST = 6;

    /** The level of the heading that a line is; 0 if it is none. */
    static int levelOf(String line) {
        int start = Indent.of(line);
        if (start < 0) {
            return 0;
        }
        int end = start;
        while (end < line.length() && line.charAt(end) == '#') {
            end++;
        }
        boolean ends = end == line.length() || line.charAt(end) == ' ' || line.charAt(end) == '\t';
        return ends && end - start <= DEEPEST ? end - start : 0;
    }

    /**
     * Reads a line that is a heading.
     *
     * @throws SpecException if it ends in a label that cannot be read
     */
    static Heading parse(String line) {
        String words = words(line);
        int brace = words.lastIndexOf("{#");
        if (brace < 0 || !words.endsWith("}")) {
            return new Heading(levelOf(line), words, null);
        }
        Label label = Label.parse(words.substring(brace + 2, words.length() - 1));
        return new Heading(
                levelOf(line), withoutClosingMarks(words.substring(0, brace).strip()), label);
    }

    /** The same heading for one whose label cannot be read: it still ends clauses. */
    static Heading unlabelled(String line) {
        return new Heading(levelOf(line), words(line), null);
    }

    private static String words(String line) {
        return withoutClosingMarks(
                line.substring(Indent.of(line) + levelOf(line)).strip());
    }

    private static String withoutClosingMarks(String words) {
        int end = words.length();
        while (end > 0 && words.charAt(end - 1) == '#') {
            end--;
        }
        boolean closing = end == 0 || Character.isWhitespace(words.charAt(end - 1));
        return closing ? words.substring(0, end).strip() : words;
    }
}

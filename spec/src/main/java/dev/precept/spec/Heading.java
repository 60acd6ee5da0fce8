package dev.precept.spec;

import org.jspecify.annotations.Nullable;

/**
 * An ATX heading (CommonMark 0.31, section 4.2).
 *
 * @param level 1 to 6
 * @param text text without markers and label
 * @param label null for a heading that starts no clause
 */
record Heading(int level, String text, @Nullable Label label) {
    private static final int MAX_LEVEL = 6;

    /** Level of the heading in a line; 0 if the line is not a heading. */
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
        return ends && end - start <= MAX_LEVEL ? end - start : 0;
    }

    /**
     * Parses a heading line.
     *
     * @throws SpecException if it ends in an invalid label
     */
    static Heading parse(String line) {
        String text = textOf(line);
        int brace = text.lastIndexOf("{#");
        if (brace < 0 || !text.endsWith("}")) {
            return new Heading(levelOf(line), text, null);
        }
        Label label = Label.parse(text.substring(brace + 2, text.length() - 1));
        return new Heading(
                levelOf(line), withoutClosingMarkers(text.substring(0, brace).strip()), label);
    }

    /** A heading with an invalid label: it still ends clauses. */
    static Heading unlabelled(String line) {
        return new Heading(levelOf(line), textOf(line), null);
    }

    private static String textOf(String line) {
        return withoutClosingMarkers(
                line.substring(Indent.of(line) + levelOf(line)).strip());
    }

    private static String withoutClosingMarkers(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '#') {
            end--;
        }
        boolean closing = end == 0 || Character.isWhitespace(text.charAt(end - 1));
        return closing ? text.substring(0, end).strip() : text;
    }
}

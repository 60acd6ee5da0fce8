package dev.precept.evaluation.result;

/** Text of others in a page: names of models, sets and categories may be hostile. A pure function. */
final class HtmlText {
    private static final int LONGEST = 200;

    private HtmlText() {}

    /**
     * The text for the content of an element or for an attribute in double quotes. What is no visible character, or turns the
     * direction of what follows, is a replacement character; a long text is cut.
     */
    static String of(String text) {
        StringBuilder safe = new StringBuilder();
        int[] points = text.codePoints().limit(LONGEST + 1L).toArray();
        for (int i = 0; i < Math.min(points.length, LONGEST); i++) {
            int c = points[i];
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isVisible(c) ? c : 0xFFFD);
            }
        }
        return points.length > LONGEST ? safe + "…" : safe.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

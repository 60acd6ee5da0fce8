package dev.precept.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Columns that a text takes on a terminal, and texts that are cut or wrapped to a width. */
public final class TextWidth {
    /** Three columns, because {@link AsciiPrintStream} prints it as three points. */
    private static final int ELLIPSIS = 3;

    private TextWidth() {}

    public static int columns(String text) {
        return text.codePoints().map(TextWidth::columns).sum();
    }

    /** 0 for a mark that combines, 2 for the wide characters of East Asia and emoji, else 1. */
    private static int columns(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        return c >= 0x1100
                && (c <= 0x115F
                        || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
                        || (c >= 0xAC00 && c <= 0xD7A3)
                        || (c >= 0xF900 && c <= 0xFAFF)
                        || (c >= 0xFE30 && c <= 0xFE6F)
                        || (c >= 0xFF00 && c <= 0xFF60)
                        || (c >= 0xFFE0 && c <= 0xFFE6)
                        || (c >= 0x1F300 && c <= 0x1F64F)
                        || (c >= 0x1F900 && c <= 0x1F9FF)
                        || (c >= 0x20000 && c <= 0x3FFFD));
    }

    /** The text, cut so that it takes at most {@code width} columns. */
    public static String fit(String text, int width) {
        if (columns(text) <= width) {
            return text;
        }
        if (width <= ELLIPSIS) {
            return "";
        }
        return text.substring(0, prefix(text, 0, width - ELLIPSIS)) + "…";
    }

    /** The lines of one line of text, each at most {@code width} columns wide, broken at spaces where there are any. */
    public static List<String> wrap(String line, int width) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (true) {
            int end = prefix(line, from, width);
            if (end == from && from < line.length()) {
                end = line.offsetByCodePoints(from, 1); // wider than the width
            }
            if (end == line.length()) {
                lines.add(line.substring(from));
                return lines;
            }
            int space = line.lastIndexOf(' ', end);
            if (space > from && !line.substring(from, space).isBlank()) {
                lines.add(line.substring(from, space));
                from = space + 1;
            } else {
                lines.add(line.substring(from, end));
                from = end;
            }
        }
    }

    /** The end of the longest part from an index that takes at most {@code width} columns. */
    private static int prefix(String text, int from, int width) {
        int used = 0;
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            used += columns(c);
            if (used > width) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }
}

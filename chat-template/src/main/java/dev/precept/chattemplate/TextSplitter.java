package dev.precept.chattemplate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Splits a string, at most {@code maxSplits} times. */
final class TextSplitter {
    private TextSplitter() {}

    static List<String> splitLeft(String text, String separator, long maxSplits) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && pieces.size() < maxSplits;
                at = text.indexOf(separator, from)) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    static List<String> splitRight(String text, String separator, long maxSplits) {
        Deque<String> pieces = new ArrayDeque<>();
        int to = text.length();
        for (int at = text.lastIndexOf(separator); at >= 0 && pieces.size() < maxSplits; ) {
            pieces.addFirst(text.substring(at + separator.length(), to));
            to = at;
            at = at < separator.length() ? -1 : text.lastIndexOf(separator, at - separator.length());
        }
        pieces.addFirst(text.substring(0, to));
        return List.copyOf(pieces);
    }

    /** @param stripped without white space at its ends; a run of white space is one separator */
    static List<String> splitWhitespace(String stripped, long maxSplits, boolean fromRight) {
        List<int[]> runs = new ArrayList<>();
        for (int at = 0; at < stripped.length(); at++) {
            if (Whitespace.isWhitespace(stripped.charAt(at))) {
                int end = Whitespace.skipWhitespace(stripped, at);
                runs.add(new int[] {at, end});
                at = end;
            }
        }
        int splits = (int) Math.min(maxSplits, runs.size());
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int[] run : fromRight ? runs.subList(runs.size() - splits, runs.size()) : runs.subList(0, splits)) {
            pieces.add(stripped.substring(from, run[0]));
            from = run[1];
        }
        pieces.add(stripped.substring(from));
        return pieces;
    }
}

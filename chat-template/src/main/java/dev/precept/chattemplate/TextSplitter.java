package dev.precept.chattemplate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts a text into at most so many pieces and one more. */
final class TextSplitter {
    private TextSplitter() {}

    static List<String> splitLeft(String text, String separator, long cuts) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && pieces.size() < cuts; at = text.indexOf(separator, from)) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    static List<String> splitRight(String text, String separator, long cuts) {
        Deque<String> pieces = new ArrayDeque<>();
        int to = text.length();
        for (int at = text.lastIndexOf(separator); at >= 0 && pieces.size() < cuts; ) {
            pieces.addFirst(text.substring(at + separator.length(), to));
            to = at;
            at = at < separator.length() ? -1 : text.lastIndexOf(separator, at - separator.length());
        }
        pieces.addFirst(text.substring(0, to));
        return List.copyOf(pieces);
    }

    /** Runs of white space are one separator; the text has none at its ends. */
    static List<String> splitWhitespace(String stripped, long cuts, boolean fromTheEnd) {
        List<int[]> runs = new ArrayList<>();
        for (int at = 0; at < stripped.length(); at++) {
            if (Whitespace.isWhitespace(stripped.charAt(at))) {
                int end = Whitespace.skipWhitespace(stripped, at);
                runs.add(new int[] {at, end});
                at = end;
            }
        }
        int taken = (int) Math.min(cuts, runs.size());
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int[] run : fromTheEnd ? runs.subList(runs.size() - taken, runs.size()) : runs.subList(0, taken)) {
            pieces.add(stripped.substring(from, run[0]));
            from = run[1];
        }
        pieces.add(stripped.substring(from));
        return pieces;
    }
}

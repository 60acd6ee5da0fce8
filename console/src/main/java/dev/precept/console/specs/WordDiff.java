package dev.precept.console.specs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What changed between two texts, word by word: a longest common subsequence. */
final class WordDiff {
    /** More cells than this are not compared: the whole text is removed and added. */
    private static final long MOST_CELLS = 16_000_000;

    private static final Pattern WORD = Pattern.compile("\\s+|[^\\s]+");

    private WordDiff() {}

    /** A run of words. */
    record Part(Kind kind, String text) {}

    enum Kind {
        SAME,
        ADDED,
        REMOVED
    }

    static List<Part> between(String from, String to) {
        List<String> before = words(from);
        List<String> after = words(to);
        int start = 0;
        while (start < before.size()
                && start < after.size()
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        int endBefore = before.size();
        int endAfter = after.size();
        while (endBefore > start
                && endAfter > start
                && before.get(endBefore - 1).equals(after.get(endAfter - 1))) {
            endBefore--;
            endAfter--;
        }
        Parts parts = new Parts();
        before.subList(0, start).forEach(word -> parts.add(Kind.SAME, word));
        changed(before.subList(start, endBefore), after.subList(start, endAfter), parts);
        before.subList(endBefore, before.size()).forEach(word -> parts.add(Kind.SAME, word));
        return parts.list();
    }

    private static List<String> words(String text) {
        Matcher words = WORD.matcher(text);
        List<String> list = new ArrayList<>();
        while (words.find()) {
            list.add(words.group());
        }
        return list;
    }

    private static void changed(List<String> before, List<String> after, Parts parts) {
        if ((long) before.size() * after.size() > MOST_CELLS) {
            before.forEach(word -> parts.add(Kind.REMOVED, word));
            after.forEach(word -> parts.add(Kind.ADDED, word));
            return;
        }
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                parts.add(Kind.SAME, before.get(i));
                i++;
                j++;
            } else if (j >= after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                parts.add(Kind.REMOVED, before.get(i++));
            } else {
                parts.add(Kind.ADDED, after.get(j++));
            }
        }
    }

    /** Joins neighbouring words of one kind. */
    private static final class Parts {
        private final List<Part> list = new ArrayList<>();

        void add(Kind kind, String text) {
            if (!list.isEmpty() && list.getLast().kind() == kind) {
                list.set(list.size() - 1, new Part(kind, list.getLast().text() + text));
            } else {
                list.add(new Part(kind, text));
            }
        }

        List<Part> list() {
            return List.copyOf(list);
        }
    }
}

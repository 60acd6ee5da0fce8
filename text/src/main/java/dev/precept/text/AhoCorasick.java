package dev.precept.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Finds which of many strings a text holds, in one pass over the text (Aho, Corasick, Efficient string matching, 1975).
 * Immutable.
 */
public final class AhoCorasick {
    private static final int ROOT = 0;
    private static final int NONE = -1;

    /** By character; 0 for those of no string. */
    private final char[] classes = new char[Character.MAX_VALUE + 1];

    private final int classCount;
    /** The next state, by state and class. */
    private final int[] next;
    /** By state: the strings that end there. */
    private final int[][] endings;

    /** @param strings not empty; what is found is told by their indexes */
    public AhoCorasick(List<String> strings) {
        int count = 0;
        int states = 1;
        for (String string : strings) {
            for (int at = 0; at < string.length(); at++) {
                if (classes[string.charAt(at)] == 0) {
                    classes[string.charAt(at)] = (char) ++count;
                }
            }
            states += string.length();
        }
        classCount = count + 1;
        next = new int[states * classCount];
        Arrays.fill(next, NONE);
        List<List<Integer>> ending = new ArrayList<>();
        ending.add(new ArrayList<>());
        for (int i = 0; i < strings.size(); i++) {
            add(strings.get(i), i, ending);
        }
        link(ending);
        endings = ending.stream()
                .map(indexes -> indexes.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private void add(String string, int index, List<List<Integer>> ending) {
        int state = ROOT;
        for (int at = 0; at < string.length(); at++) {
            int edge = state * classCount + classes[string.charAt(at)];
            if (next[edge] == NONE) {
                next[edge] = ending.size();
                ending.add(new ArrayList<>());
            }
            state = next[edge];
        }
        ending.get(state).add(index);
    }

    /** Adds to each state, from the shortest, the edges and strings of the longest other state that ends like it. */
    private void link(List<List<Integer>> ending) {
        int[] suffix = new int[ending.size()];
        ArrayDeque<Integer> shortest = new ArrayDeque<>(List.of(ROOT));
        while (!shortest.isEmpty()) {
            int state = shortest.remove();
            for (int c = 0; c < classCount; c++) {
                int edge = state * classCount + c;
                int after = state == ROOT ? ROOT : next[suffix[state] * classCount + c];
                if (next[edge] == NONE) {
                    next[edge] = after;
                } else {
                    suffix[next[edge]] = after;
                    ending.get(next[edge]).addAll(ending.get(after));
                    shortest.add(next[edge]);
                }
            }
        }
    }

    /** Sets the bit of each string that is in the part of a text between two offsets. */
    public void find(CharSequence text, int from, int to, BitSet found) {
        int state = ROOT;
        for (int at = from; at < to; at++) {
            state = next[state * classCount + classes[text.charAt(at)]];
            for (int index : endings[state]) {
                found.set(index);
            }
        }
    }
}

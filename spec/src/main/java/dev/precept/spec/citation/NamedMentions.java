package dev.precept.spec.citation;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Headings and ids that a text names, found by their place: a text may name thousands. Immutable. */
final class NamedMentions {
    private final List<Mention> byStart;
    private final List<Mention> byEnd;
    /** By position: the last mention up to it that may hold a number, as a position; -1 for none. */
    private final int[] lastOuter;

    /**
     * @param mentions in order of their starts
     * @param isOuter whether a number may be within what a mention names
     */
    NamedMentions(List<Mention> mentions, Predicate<Mention> isOuter) {
        byStart = List.copyOf(mentions);
        byEnd = mentions.stream().sorted(Comparator.comparingInt(Mention::end)).toList();
        lastOuter = new int[byStart.size()];
        int last = -1;
        for (int at = 0; at < lastOuter.length; at++) {
            boolean isFirst =
                    last < 0 || byStart.get(last).start() < byStart.get(at).start();
            last = isOuter.test(byStart.get(at)) && isFirst ? at : last;
            lastOuter[at] = last;
        }
    }

    /** Those that begin within a window from an offset on, in order. */
    List<Mention> after(int from, int window) {
        return byStart.subList(firstFrom(from), firstFrom(from + window));
    }

    /** Those that end at most a distance before an offset, or at it. */
    List<Mention> endingBefore(int offset, int distance) {
        return byEnd.subList(firstEndFrom(offset - distance), firstEndFrom(offset + 1));
    }

    /** The last one before an offset that may hold a number. */
    @Nullable
    Mention outerBefore(int offset) {
        int before = firstFrom(offset) - 1;
        return before < 0 || lastOuter[before] < 0 ? null : byStart.get(lastOuter[before]);
    }

    private int firstFrom(int offset) {
        return first(byStart, mention -> mention.start() >= offset);
    }

    private int firstEndFrom(int offset) {
        return first(byEnd, mention -> mention.end() >= offset);
    }

    /** The position of the first mention for which a condition holds that holds for all after it. */
    private static int first(List<Mention> mentions, Predicate<Mention> holds) {
        int low = 0;
        int high = mentions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (holds.test(mentions.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}

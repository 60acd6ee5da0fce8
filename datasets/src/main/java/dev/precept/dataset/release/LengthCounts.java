package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The distribution of a length in memory that does not grow with the number of rows: counts by class, each class at most a
 * sixteenth wider than its least value, and the exact largest value. Counts can be added in any order. For one thread.
 */
final class LengthCounts {
    /** Lengths below 2^4 have a class of their own, and each power of two above as many classes. */
    private static final int BITS = 4;

    /** By the greatest length of the class. */
    private final NavigableMap<Long, Long> classes = new TreeMap<>();

    private long rows;
    private long max;

    void add(long length) {
        int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, length)) - BITS);
        add(length | ((1L << shift) - 1), 1, length);
    }

    void add(LengthCounts other) {
        other.classes.forEach((greatest, count) -> add(greatest, count, other.max));
    }

    private void add(long greatest, long count, long largest) {
        classes.merge(greatest, count, Long::sum);
        rows += count;
        max = Math.max(max, largest);
    }

    /** Lengths that were added. */
    long rows() {
        return rows;
    }

    /** The largest length; 0 without rows. */
    long max() {
        return max;
    }

    /** A length that a share of the rows does not exceed; at most a sixteenth above the least such length. */
    long quantile(double share) {
        long rank = (long) Math.ceil(share * rows);
        long below = 0;
        for (Map.Entry<Long, Long> each : classes.entrySet()) {
            below += each.getValue();
            if (below >= rank) {
                return Math.min(each.getKey(), max);
            }
        }
        return max;
    }

    /** Equal counts give equal JSON. */
    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode().put("max", max);
        ObjectNode counts = json.putObject("rows_by_length");
        classes.forEach((greatest, count) -> counts.put(String.valueOf(greatest), count));
        return json;
    }

    /** Reads what {@link #json} gives. */
    static LengthCounts of(JsonNode json) {
        LengthCounts lengths = new LengthCounts();
        json.path("rows_by_length")
                .properties()
                .forEach(each -> lengths.add(
                        Long.parseLong(each.getKey()),
                        each.getValue().asLong(),
                        json.path("max").asLong()));
        return lengths;
    }
}

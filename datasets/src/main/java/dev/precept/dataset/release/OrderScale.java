package dev.precept.dataset.release;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a candidate is approximately in the order of all, in 32 bits: spreads the order evenly over the buckets of a sort. It
 * never contradicts the order.
 */
final class OrderScale {
    private final Map<Integer, Run> runs = new TreeMap<>();
    private long candidates;

    /** The offsets of the candidates of a run. */
    private static final class Run {
        private long candidates;
        private long least = Long.MAX_VALUE;
        private long most = Long.MIN_VALUE;
        private double before;

        void add(Run other) {
            candidates += other.candidates;
            least = Math.min(least, other.least);
            most = Math.max(most, other.most);
        }
    }

    private static int run(byte[] candidate, int at) {
        return ByteBuffer.wrap(candidate).getInt(at + Candidate.ORDER);
    }

    private static long offset(byte[] candidate, int at) {
        return ByteBuffer.wrap(candidate).getLong(at + Candidate.SEQ) ^ Long.MIN_VALUE;
    }

    void add(byte[] candidate, int at) {
        Run one = new Run();
        one.candidates = 1;
        one.least = offset(candidate, at);
        one.most = one.least;
        runs.computeIfAbsent(run(candidate, at), _ -> new Run()).add(one);
    }

    void add(OrderScale other) {
        other.runs.forEach(
                (run, offsets) -> runs.computeIfAbsent(run, _ -> new Run()).add(offsets));
    }

    /** Called after the last candidate was added. */
    void complete() {
        for (Run run : runs.values()) {
            run.before = candidates;
            candidates += run.candidates;
        }
    }

    /** The position of one of the candidates, as an unsigned number. */
    int position(byte[] candidate, int at) {
        Run run = runs.getOrDefault(run(candidate, at), new Run());
        double share = (offset(candidate, at) - (double) run.least) / (run.most - (double) run.least + 1);
        return (int) (long) ((run.before + run.candidates * share) / candidates * 0x1p32);
    }
}

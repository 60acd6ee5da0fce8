package dev.precept.dataset.read;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which of the rows that match a predicate are shown: the first, or some at random. Not thread-safe. */
public final class RowChoice<R> {
    private final int most;
    private final Predicate<R> wanted;
    /** Null for the first rows. */
    private final @Nullable SplittableRandom random;

    private final List<R> rows = new ArrayList<>();
    private long matched;

    private RowChoice(int most, Predicate<R> wanted, @Nullable SplittableRandom random) {
        this.most = most;
        this.wanted = wanted;
        this.random = random;
    }

    /** The first matching rows. Reading ends with the last of them. */
    public static <R> RowChoice<R> first(int most, Predicate<R> wanted) {
        return new RowChoice<>(most, wanted, null);
    }

    /** A uniform choice of the matching rows (reservoir sampling). Every row is read. */
    public static <R> RowChoice<R> random(int most, long seed, Predicate<R> wanted) {
        return new RowChoice<>(most, wanted, new SplittableRandom(seed));
    }

    boolean isFull() {
        return random == null && rows.size() >= most;
    }

    /** @return whether the row is kept, at least for now */
    boolean offer(R row) {
        if (!wanted.test(row)) {
            return false;
        }
        matched++;
        if (rows.size() < most) {
            rows.add(row);
            return true;
        }
        long at = random == null ? most : random.nextLong(matched);
        if (at < most) {
            rows.set(Math.toIntExact(at), row);
            return true;
        }
        return false;
    }

    List<R> rows() {
        return rows;
    }
}

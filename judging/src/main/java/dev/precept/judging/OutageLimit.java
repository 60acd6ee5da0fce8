package dev.precept.judging;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a role after an outage of a given length. It is polled; time in which the run makes no calls is no outage. */
final class OutageLimit {
    private final @Nullable Duration limit;
    private @Nullable Long since;
    private @Nullable String reached;

    /** @param limit null if an outage may last for any length */
    OutageLimit(@Nullable Duration limit) {
        this.limit = limit;
    }

    /**
     * Why the role ends; empty while it goes on.
     *
     * @param outage why no endpoint can be called; empty while one can
     * @param mayCall whether the run permits calls
     * @param now of {@link System#nanoTime}
     */
    synchronized Optional<String> check(Optional<String> outage, boolean mayCall, long now) {
        if (limit == null || reached != null) {
            return Optional.ofNullable(reached);
        }
        if (outage.isEmpty() || !mayCall) {
            since = null;
            return Optional.empty();
        }
        since = since == null ? now : since;
        if (now - since >= limit.toNanos()) {
            reached = "no model answered for " + text(limit) + " (max_outage): " + outage.get();
        }
        return Optional.ofNullable(reached);
    }

    private static String text(Duration duration) {
        return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}

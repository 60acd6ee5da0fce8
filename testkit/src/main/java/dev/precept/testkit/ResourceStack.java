package dev.precept.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was started, to be ended last first. A part that does not end keeps no other from it. Not thread-safe. */
public final class ResourceStack implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** @return the part itself */
    public <P extends AutoCloseable> P add(P part) {
        parts.push(part);
        return part;
    }

    /**
     * Ends all of them. A second call ends what was added since.
     *
     * @throws IllegalStateException at the end, if any of them could not be ended; further ones are suppressed
     */
    @Override
    public void close() {
        @Nullable IllegalStateException failed = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Throwable e) { // a child that does not die is an error
                if (failed == null) {
                    failed = new IllegalStateException("cannot end a part of what the suite stands on", e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}

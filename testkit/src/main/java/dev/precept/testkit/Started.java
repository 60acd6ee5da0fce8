package dev.precept.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be ended last first. */
final class Started implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <P extends AutoCloseable> P add(P part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot end a part of what the suite stands on", e);
            }
        }
    }
}

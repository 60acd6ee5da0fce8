package dev.precept.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Closes resources in reverse order; a failure to close one does not prevent closing the others. Not thread-safe. */
public final class ResourceStack implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** @return the resource itself */
    public <P extends AutoCloseable> P add(P resource) {
        resources.push(resource);
        return resource;
    }

    /**
     * Closes all resources. A second call closes those added since.
     *
     * @throws IllegalStateException if a resource failed to close; further failures are suppressed
     */
    @Override
    public void close() {
        @Nullable IllegalStateException failed = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Throwable e) { // also an AssertionError of a child that does not exit
                if (failed == null) {
                    failed = new IllegalStateException("cannot close a resource", e);
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

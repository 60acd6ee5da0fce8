package dev.precept.console.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The status of a run that no process is running, as it was read last: to read it its Kafka is started. Thread-safe. */
final class StoppedStatus {
    private final Duration longest;
    private @Nullable ObjectNode read;
    private long readNanos;

    /** @param longest an older one does not count once a page is opened */
    StoppedStatus(Duration longest) {
        this.longest = longest;
    }

    /** @param complete whether the run is complete by now; null if it was not when the status was read, and if there is none */
    synchronized @Nullable ObjectNode get(boolean complete) {
        return read != null && complete == read.path("state").asText().equals("complete") ? read : null;
    }

    synchronized ObjectNode set(ObjectNode status) {
        read = status;
        readNanos = System.nanoTime();
        return status;
    }

    /** The run has been changed, or goes on. */
    synchronized void forget() {
        read = null;
    }

    /** Whether there was one that was too old. */
    synchronized boolean forgetOld() {
        boolean old = read != null && System.nanoTime() - readNanos > longest.toNanos();
        read = old ? null : read;
        return old;
    }
}

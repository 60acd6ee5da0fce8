package dev.precept.consumer;

import java.util.BitSet;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** One partition: what was taken, what is finished, what may be committed. Thread-safe. */
final class OffsetTracker {
    private static final int METADATA_CHARACTERS = 4_096;
    /** More are not held in memory, however well they could be written down. */
    private static final int MAX_WINDOW = 1 << 17;

    private final BitSet finished;
    private long committed;
    private long next;
    private int running;
    private boolean changed;
    private boolean truncated;
    private boolean closed;

    /** @param metadata of the commit, as an earlier owner wrote it */
    OffsetTracker(long committed, String metadata) {
        this.committed = committed;
        this.next = committed;
        this.finished = FinishedOffsets.decode(metadata);
    }

    /**
     * Takes a record that was polled. Offsets between two records do not exist (control records, compaction) and count as
     * finished.
     *
     * @return false if it was finished in an earlier life, and must not be worked on again
     */
    synchronized boolean register(long offset) {
        if (offset < committed) {
            return false;
        }
        if (offset > next) {
            finished.set(index(next), index(offset));
            changed = true;
        }
        next = Math.max(next, offset + 1);
        return !finished.get(index(offset));
    }

    /** False if the partition was given up while the record waited. */
    synchronized boolean start() {
        if (closed) {
            return false;
        }
        running++;
        return true;
    }

    /** Ends the work on a record; an unfinished one stays uncommitted and comes again. */
    synchronized void complete(long offset, boolean done) {
        running--;
        if (done && offset >= committed) {
            finished.set(index(offset));
            changed = true;
        }
        notifyAll();
    }

    /**
     * Whether to take no more for now: what is finished could not be written down in full the last time, so a crash would
     * repeat it. It is not how wide the window is that matters but how many gaps are in it, and it has no more of them than
     * there are records in work: one slow call holds up no partition.
     */
    synchronized boolean isFull() {
        return truncated || index(Math.max(next, committed)) >= MAX_WINDOW;
    }

    synchronized void close() {
        closed = true;
    }

    /** Waits until nothing runs; false if the time is over first. */
    synchronized boolean awaitIdle(long deadlineNanos) throws InterruptedException {
        while (running > 0) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    /** What to commit: the lowest unfinished offset, and the finished ones above it. Empty if nothing changed. */
    synchronized Optional<OffsetAndMetadata> offsetToCommit() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        int done = finished.nextClearBit(0);
        if (done > 0) {
            BitSet rest = finished.get(done, Math.max(done, finished.length()));
            finished.clear();
            finished.or(rest);
            committed += done;
            next = Math.max(next, committed); // what an earlier life finished need not have been polled in this one
        }
        String metadata = FinishedOffsets.encode(finished, METADATA_CHARACTERS);
        truncated = FinishedOffsets.decode(metadata).length() < finished.length();
        return Optional.of(new OffsetAndMetadata(committed, metadata));
    }

    /** A commit did not get through: the next one says it again. */
    synchronized void commitFailed() {
        changed = true;
    }

    private int index(long offset) {
        return Math.toIntExact(offset - committed);
    }
}

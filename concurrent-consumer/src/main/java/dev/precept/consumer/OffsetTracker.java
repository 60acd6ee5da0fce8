package dev.precept.consumer;

import java.util.BitSet;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Tracks one partition: which records are registered and finished, and what to commit. Thread-safe. */
final class OffsetTracker {
    private static final int METADATA_CHARACTERS = 4_096;
    /** Bounds memory, however short the metadata is. */
    private static final int MAX_WINDOW = 1 << 17;

    private final BitSet finished;
    private long committed;
    private long next;
    private int running;
    private boolean changed;
    private boolean truncated;
    private boolean closed;

    /** @param metadata of the commit, as the previous owner wrote it */
    OffsetTracker(long committed, String metadata) {
        this.committed = committed;
        this.next = committed;
        this.finished = FinishedOffsets.decode(metadata);
    }

    /**
     * Registers a polled record. Offsets between two polled records hold no record (control records, compaction) and count
     * as finished.
     *
     * @return false if a previous owner finished it; it must not be handled again
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

    /** False if the partition was revoked while the record was queued. */
    synchronized boolean start() {
        if (closed) {
            return false;
        }
        running++;
        return true;
    }

    /** @param done whether the record is finished; an unfinished one is not committed and will be repeated */
    synchronized void complete(long offset, boolean done) {
        running--;
        if (done && offset >= committed) {
            finished.set(index(offset));
            changed = true;
        }
        notifyAll();
    }

    /**
     * Whether to pause the partition: the last metadata was truncated, so a crash would repeat finished records. The length
     * of the metadata depends on the gaps and not on the window, and there are no more gaps than records in flight: one slow
     * record does not pause a partition.
     */
    synchronized boolean isFull() {
        return truncated || index(Math.max(next, committed)) >= MAX_WINDOW;
    }

    synchronized void close() {
        closed = true;
    }

    /** Waits until no record is in flight; false if the deadline passes first. */
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

    /** The lowest unfinished offset, with the finished ones above it as metadata; empty if unchanged since the last call. */
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
            next = Math.max(next, committed); // this owner need not have polled what the previous one finished
        }
        String metadata = FinishedOffsets.encode(finished, METADATA_CHARACTERS);
        truncated = FinishedOffsets.decode(metadata).length() < finished.length();
        return Optional.of(new OffsetAndMetadata(committed, metadata));
    }

    /** The next commit repeats what a failed one held. */
    synchronized void commitFailed() {
        changed = true;
    }

    private int index(long offset) {
        return Math.toIntExact(offset - committed);
    }
}

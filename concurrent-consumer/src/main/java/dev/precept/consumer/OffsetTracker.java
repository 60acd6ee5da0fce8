package dev.precept.consumer;

import java.util.BitSet;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Tracks one partition: which records are registered and finished, and what to commit. Thread-safe. */
final class OffsetTracker {
    /** Kafka's default of {@code offset.metadata.max.bytes}. */
    static final int METADATA_CHARACTERS = 4_096;

    /** Bounds memory, however short the metadata is: 128 KiB of bits. */
    private static final int MAX_WINDOW = 1 << 20;

    private final BitSet finished;
    /** When each unfinished record was registered, by offset. */
    private final TreeMap<Long, Long> registeredNanos = new TreeMap<>();

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
        if (finished.get(index(offset))) {
            return false;
        }
        registeredNanos.putIfAbsent(offset, System.nanoTime());
        return true;
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
            registeredNanos.remove(offset);
            changed = true;
        }
    }

    synchronized boolean isFinished(long offset) {
        return offset < committed || (offset - committed <= Integer.MAX_VALUE && finished.get(index(offset)));
    }

    /**
     * Whether to pause the partition: the last metadata was truncated, so a crash would repeat finished records. The length
     * of the metadata depends on the gaps and not on the window, and there are no more gaps than records in flight: one slow
     * record does not pause a partition.
     */
    synchronized boolean isFull() {
        return truncated || window() >= MAX_WINDOW;
    }

    /** The number of offsets from the committed to the next one. */
    synchronized long window() {
        return Math.max(next, committed) - committed;
    }

    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether no record is in flight. */
    synchronized boolean isIdle() {
        return running == 0;
    }

    /** An unfinished record. */
    record Unfinished(long offset, long registeredNanos) {}

    /** The lowest offset that is registered and unfinished. */
    synchronized Optional<Unfinished> oldest() {
        return Optional.ofNullable(registeredNanos.firstEntry())
                .map(first -> new Unfinished(first.getKey(), first.getValue()));
    }

    /**
     * The lowest unfinished offset, with the finished ones above it as metadata; empty if unchanged since the last call.
     *
     * @param maxCharacters of the metadata
     */
    synchronized Optional<OffsetAndMetadata> offsetToCommit(int maxCharacters) {
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
        String metadata = FinishedOffsets.encode(finished, maxCharacters);
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

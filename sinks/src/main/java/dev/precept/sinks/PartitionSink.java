package dev.precept.sinks;

import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.Checkpoints;
import dev.precept.dataset.chain.Commit;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buffers one partition and commits it to its chain. After a failure it keeps its state or resets to the chain head; {@link
 * #next()} is the offset to consume next. From {@link #startCommit} to {@link #endCommit} it belongs to the thread that
 * commits; the loop then uses only {@link #isCommitting}, {@link #bytes} and {@link #waitingSince}.
 */
final class PartitionSink {
    private static final Logger log = LoggerFactory.getLogger(PartitionSink.class);

    private final SinkContext context;
    private final ObjectStore store;
    private final Chain chain;
    private final UndecodableHandler undecodableHandler;

    private SpoolFile open;
    private @Nullable PendingCommit pending;
    private boolean rolling;
    private @Nullable Commit lastCommit;
    private int commitsSinceCheckpoint = Checkpoints.COMMITS;
    private volatile @Nullable Instant waitingSince;
    private boolean committing;
    private long bytesInCommit;

    PartitionSink(SinkContext context, Chain chain, UndecodableHandler undecodableHandler, long head) {
        this.context = context;
        this.store = context.dataset().store();
        this.chain = chain;
        this.undecodableHandler = undecodableHandler;
        this.open = spoolFile(head);
    }

    /** Receives the coordinates of every record that cannot be decoded. */
    interface UndecodableHandler {
        void onUndecodable(String topic, int partition, long offset, String why);
    }

    /**
     * Buffers the next record.
     *
     * @throws OutageException if the spool file cannot be written; the buffered records are then discarded
     */
    void append(long offset, byte @Nullable [] value) throws OutageException {
        startFileIfEmpty();
        try {
            open.append(offset, value);
        } catch (IOException e) {
            reset();
            throw OutageException.ofSpool(context.spool(), e);
        }
    }

    void appendCompletion(long offset, String runId) {
        startFileIfEmpty();
        open.appendCompletion(offset, runId);
    }

    /** The age of a spool file counts from its first record. */
    private void startFileIfEmpty() {
        if (open.isEmpty()) {
            open = spoolFile(open.from());
            waitingSince = waitingSince == null ? open.opened() : waitingSince;
        }
    }

    /** When the first uncommitted record was first read; null if there is none. */
    @Nullable
    Instant waitingSince() {
        return waitingSince;
    }

    void advanceTo(long position) {
        if (!open.isEmpty()) {
            open.advanceTo(position);
        }
    }

    boolean isDue() {
        return !committing
                && (rolling || context.rollPolicy().isDue(open, context.clock().instant()));
    }

    /** Size of the uncommitted records on disk. */
    long bytes() {
        return committing ? bytesInCommit : open.bytes();
    }

    /** Hands the buffer over to a thread that commits it. */
    void startCommit() {
        bytesInCommit = open.bytes();
        committing = true;
    }

    /** Takes the buffer back, after the commit has ended. */
    void endCommit() {
        committing = false;
    }

    boolean isCommitting() {
        return committing;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    Chain chain() {
        return chain;
    }

    /** True at the first commit, and then once for each number of commits that a checkpoint has. */
    boolean isCheckpointDue() {
        if (commitsSinceCheckpoint < Checkpoints.COMMITS) {
            return false;
        }
        commitsSinceCheckpoint = 0;
        return true;
    }

    /** The latest known commit, for the hint in the group's offsets. */
    @Nullable
    Commit lastCommit() {
        return lastCommit;
    }

    /** The topic's name without prefix. */
    String topic() {
        return chain.id().topic();
    }

    /** The offset to consume next. */
    long next() {
        return open.to();
    }

    /**
     * Commits the buffered records. If another sink has committed from the same offset, they are discarded and the
     * partition continues at the chain head.
     *
     * @throws OutageException if the commit must be retried; it may already be in the chain, and the retry detects that
     */
    void commit(RecordDecoder decoder) throws OutageException {
        if (open.isEmpty()) {
            return;
        }
        rolling = true;
        PendingCommit ready = pending == null ? writeFile(decoder) : pending;
        pending = ready;
        context.crash().passed(CrashPoint.Step.WRITTEN);
        Commit ours = ready.commit();
        try {
            ready.upload(store);
            context.crash().passed(CrashPoint.Step.UPLOADED);
            switch (chain.append(ours)) {
                case Chain.AppendResult.Committed() -> {
                    context.crash().passed(CrashPoint.Step.COMMITTED);
                    context.meters().countCommit();
                    log.atInfo()
                            .addKeyValue("chain", chain.id().logFolder())
                            .addKeyValue("from", ours.from())
                            .addKeyValue("to", ours.to())
                            .addKeyValue("rows", ours.rows())
                            .log("committed");
                    continueAt(ours.to(), ours);
                }
                case Chain.AppendResult.Superseded(Commit winner) -> {
                    long head = chain.head(winner.from());
                    log.atWarn()
                            .addKeyValue("chain", chain.id().logFolder())
                            .addKeyValue("from", ours.from())
                            .addKeyValue("head", head)
                            .log("another sink committed from this offset; continuing at the chain head");
                    continueAt(head, winner);
                    context.crash().passed(CrashPoint.Step.SUPERSEDED);
                }
            }
        } catch (IOException e) {
            throw OutageException.ofStore(store.location(), e);
        }
    }

    private PendingCommit writeFile(RecordDecoder decoder) throws OutageException {
        Path file = context.spool().resolve(UUID.randomUUID() + ".parquet");
        try {
            DataFile dataFile = DataFile.write(
                    open,
                    file,
                    topic(),
                    decoder,
                    (offset, why) ->
                            undecodableHandler.onUndecodable(topic(), chain.id().partition(), offset, why));
            PendingCommit ready = PendingCommit.of(context.dataset().id(), chain.id(), open, dataFile, file);
            open.delete();
            return ready;
        } catch (OutageException e) {
            deleteFile(file);
            throw e;
        } catch (IOException e) {
            deleteFile(file);
            reset();
            throw OutageException.ofSpool(context.spool(), e);
        }
    }

    private void continueAt(long head, Commit newest) {
        commitsSinceCheckpoint++;
        discard();
        lastCommit = newest;
        waitingSince = null;
        rolling = false;
        open = spoolFile(head);
    }

    private void reset() {
        discard();
        rolling = false;
        open = spoolFile(open.from());
    }

    private SpoolFile spoolFile(long from) {
        return new SpoolFile(context.spool(), from, context.clock().instant());
    }

    /** Deletes the files on disk. A file that remains is deleted at the next start. */
    void discard() {
        PendingCommit ready = pending;
        pending = null;
        if (ready != null && ready.file() != null) {
            deleteFile(ready.file());
        }
        try {
            open.delete();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("cannot delete a spool file");
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("file", file).log("cannot delete a spool file");
        }
    }
}

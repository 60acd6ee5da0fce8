package dev.precept.sinks;

import dev.precept.dataset.chain.Chain;
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
 * One partition on its way into its chain. After any trouble it is as it was before, or as it was at the head of the
 * chain; {@link #next()} says where to read on. Used by one thread at a time.
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
    private @Nullable Instant waitingSince;

    PartitionSink(SinkContext place, Chain chain, UndecodableHandler undecodableHandler, long head) {
        this.context = place;
        this.store = place.dataset().store();
        this.chain = chain;
        this.undecodableHandler = undecodableHandler;
        this.open = spoolFile(head);
    }

    /** Where coordinates of what nobody can read go. */
    interface UndecodableHandler {
        void onUndecodable(String topic, int partition, long offset, String why);
    }

    /**
     * Takes the next record.
     *
     * @throws OutageException if it cannot be kept; then what was open is dropped
     */
    void append(long offset, byte @Nullable [] value) throws OutageException {
        startFileIfEmpty();
        try {
            open.append(offset, value);
        } catch (IOException e) {
            restart();
            throw OutageException.ofSpool(context.spool(), e);
        }
    }

    void appendCompletion(long offset, String runId) {
        startFileIfEmpty();
        open.appendCompletion(offset, runId);
    }

    /** The age of a file counts from its first record. */
    private void startFileIfEmpty() {
        if (open.isEmpty()) {
            open = spoolFile(open.from());
            waitingSince = waitingSince == null ? open.opened() : waitingSince;
        }
    }

    /** Since when the first record waits that is not committed, however often it had to be read; null if none does. */
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
        return rolling || context.rollPolicy().isDue(open, context.clock().instant());
    }

    /** Of records that wait on disk. */
    long bytes() {
        return open.bytes();
    }

    /** The newest commit this sink knows, for the group's hint. */
    @Nullable
    Commit lastCommit() {
        return lastCommit;
    }

    /** The name of the topic without prefix. */
    String topic() {
        return chain.id().topic();
    }

    /** The offset to read next. */
    long next() {
        return open.to();
    }

    /**
     * Makes a commit of what is open. If another sink committed from the same offset, what was open is dropped, and the
     * chain goes on after the other's commits.
     *
     * @throws OutageException if it has to be tried again; then it may or may not be in the chain, and the next try will see
     */
    void commit(RecordDecoder reader) throws OutageException {
        if (open.isEmpty()) {
            return;
        }
        rolling = true;
        PendingCommit ready = pending == null ? writeFile(reader) : pending;
        pending = ready;
        context.crash().passed(CrashPoint.Moment.MADE);
        Commit ours = ready.commit();
        try {
            ready.upload(store);
            context.crash().passed(CrashPoint.Moment.UPLOADED);
            switch (chain.append(ours)) {
                case Chain.AppendResult.Committed() -> {
                    context.crash().passed(CrashPoint.Moment.COMMITTED);
                    context.meters().countCommit();
                    log.atInfo()
                            .addKeyValue("chain", chain.id().logFolder())
                            .addKeyValue("from", ours.from())
                            .addKeyValue("to", ours.to())
                            .addKeyValue("rows", ours.rows())
                            .log("committed");
                    next(ours, ours.to());
                }
                case Chain.AppendResult.Superseded(Commit winner) -> {
                    long head = chain.head(winner.from());
                    log.atWarn()
                            .addKeyValue("chain", chain.id().logFolder())
                            .addKeyValue("from", ours.from())
                            .addKeyValue("head", head)
                            .log("another sink committed from here; reading on after it");
                    next(winner, head);
                    context.crash().passed(CrashPoint.Moment.LOST);
                }
            }
        } catch (IOException e) {
            throw OutageException.ofStore(store.location(), e);
        }
    }

    private PendingCommit writeFile(RecordDecoder reader) throws OutageException {
        Path file = context.spool().resolve(UUID.randomUUID() + ".parquet");
        try {
            DataFile made = DataFile.write(
                    open,
                    file,
                    topic(),
                    reader,
                    (offset, why) ->
                            undecodableHandler.onUndecodable(topic(), chain.id().partition(), offset, why));
            PendingCommit ready = PendingCommit.of(context.dataset().id(), chain.id(), open, made, file);
            open.delete();
            return ready;
        } catch (OutageException e) {
            remove(file);
            throw e;
        } catch (IOException e) {
            remove(file);
            restart();
            throw OutageException.ofSpool(context.spool(), e);
        }
    }

    private void next(Commit newest, long head) {
        discard();
        lastCommit = newest;
        waitingSince = null;
        rolling = false;
        open = spoolFile(head);
    }

    private void restart() {
        discard();
        rolling = false;
        open = spoolFile(open.from());
    }

    private SpoolFile spoolFile(long from) {
        return new SpoolFile(context.spool(), from, context.clock().instant());
    }

    /** Removes what is on disk. A file that stays is removed when the process begins again. */
    void discard() {
        PendingCommit ready = pending;
        pending = null;
        if (ready != null && ready.file() != null) {
            remove(ready.file());
        }
        try {
            open.delete();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("a file of the spool could not be removed");
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("file", file).log("a file of the spool could not be removed");
        }
    }
}

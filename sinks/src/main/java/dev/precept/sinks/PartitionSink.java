package dev.precept.sinks;

import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.Commit;
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

    private final SinkPlace place;
    private final ObjectStore store;
    private final Chain chain;
    private final Unreadables unreadables;

    private SpoolFile open;
    private @Nullable Draft draft;
    private boolean rolling;
    private @Nullable Commit last;
    private @Nullable Instant waiting;

    PartitionSink(SinkPlace place, Chain chain, Unreadables unreadables, long head) {
        this.place = place;
        this.store = place.dataset().store();
        this.chain = chain;
        this.unreadables = unreadables;
        this.open = spoolFile(head);
    }

    /** Where coordinates of what nobody can read go. */
    interface Unreadables {
        void found(String topic, int partition, long offset, String why);
    }

    /**
     * Takes the next record.
     *
     * @throws Outage if it cannot be kept; then what was open is dropped
     */
    void record(long offset, byte @Nullable [] value) throws Outage {
        fresh();
        try {
            open.record(offset, value);
        } catch (IOException e) {
            restart();
            throw Outage.ofSpool(place.spool(), e);
        }
    }

    void complete(long offset, String runId) {
        fresh();
        open.complete(offset, runId);
    }

    /** The age of a file counts from its first record. */
    private void fresh() {
        if (open.empty()) {
            open = spoolFile(open.from());
            waiting = waiting == null ? open.opened() : waiting;
        }
    }

    /** Since when the first record waits that is not committed, however often it had to be read; null if none does. */
    @Nullable
    Instant waiting() {
        return waiting;
    }

    void drained(long position) {
        if (!open.empty()) {
            open.reached(position);
        }
    }

    boolean due() {
        return rolling || place.roll().due(open, place.clock().instant());
    }

    /** Of records that wait on disk. */
    long bytes() {
        return open.bytes();
    }

    /** The newest commit this sink knows, for the group's hint. */
    @Nullable
    Commit last() {
        return last;
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
     * @throws Outage if it has to be tried again; then it may or may not be in the chain, and the next try will see
     */
    void commit(EventReader reader) throws Outage {
        if (open.empty()) {
            return;
        }
        rolling = true;
        Draft ready = draft == null ? made(reader) : draft;
        draft = ready;
        place.crash().passed(CrashPoint.Moment.MADE);
        Commit ours = ready.commit();
        try {
            ready.upload(store);
            place.crash().passed(CrashPoint.Moment.UPLOADED);
            switch (chain.append(ours)) {
                case Chain.Appended.Ours() -> {
                    place.crash().passed(CrashPoint.Moment.COMMITTED);
                    place.meters().committed();
                    log.atInfo()
                            .addKeyValue("chain", chain.id().log())
                            .addKeyValue("from", ours.from())
                            .addKeyValue("to", ours.to())
                            .addKeyValue("rows", ours.rows())
                            .log("committed");
                    next(ours, ours.to());
                }
                case Chain.Appended.Lost(Commit winner) -> {
                    long head = chain.head(winner.from());
                    log.atWarn()
                            .addKeyValue("chain", chain.id().log())
                            .addKeyValue("from", ours.from())
                            .addKeyValue("head", head)
                            .log("another sink committed from here; reading on after it");
                    next(winner, head);
                    place.crash().passed(CrashPoint.Moment.LOST);
                }
            }
        } catch (IOException e) {
            throw Outage.ofStore(store.location(), e);
        }
    }

    private Draft made(EventReader reader) throws Outage {
        Path file = place.spool().resolve(UUID.randomUUID() + ".parquet");
        try {
            MadeFile made = MadeFile.of(
                    open,
                    file,
                    topic(),
                    reader,
                    (offset, why) -> unreadables.found(topic(), chain.id().partition(), offset, why));
            Draft ready = Draft.of(place.dataset().id(), chain.id(), open, made, file);
            open.drop();
            return ready;
        } catch (Outage e) {
            remove(file);
            throw e;
        } catch (IOException e) {
            remove(file);
            restart();
            throw Outage.ofSpool(place.spool(), e);
        }
    }

    private void next(Commit newest, long head) {
        drop();
        last = newest;
        waiting = null;
        rolling = false;
        open = spoolFile(head);
    }

    private void restart() {
        drop();
        rolling = false;
        open = spoolFile(open.from());
    }

    private SpoolFile spoolFile(long from) {
        return new SpoolFile(place.spool(), from, place.clock().instant());
    }

    /** Removes what is on disk. A file that stays is removed when the process begins again. */
    void drop() {
        Draft ready = draft;
        draft = null;
        if (ready != null && ready.file() != null) {
            remove(ready.file());
        }
        try {
            open.drop();
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

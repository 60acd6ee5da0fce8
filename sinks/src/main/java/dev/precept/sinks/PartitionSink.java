package dev.precept.sinks;

import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.Commit;
import dev.precept.sinks.parquet.ParquetFiles;
import dev.precept.sinks.parquet.ParquetFiles.Checked;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One partition on its way into its chain. Used by one thread. */
final class PartitionSink {
    private static final Logger log = LoggerFactory.getLogger(PartitionSink.class);

    private final ObjectStore store;
    private final Chain chain;
    private final String datasetId;
    private final Schema schema;
    private final Path spool;
    private final Roll roll;
    private final InstantSource clock;
    private final CrashPoint crash;

    private SpoolFile open;
    private @Nullable Commit last;

    PartitionSink(
            ObjectStore store,
            Chain chain,
            String datasetId,
            Schema schema,
            Path spool,
            Roll roll,
            InstantSource clock,
            CrashPoint crash,
            long head) {
        this.store = store;
        this.chain = chain;
        this.datasetId = datasetId;
        this.schema = schema;
        this.spool = spool;
        this.roll = roll;
        this.clock = clock;
        this.crash = crash;
        this.open = new SpoolFile(spool, schema, head, clock.instant());
    }

    void row(long offset, SpecificRecord row) throws IOException {
        fresh();
        open.row(offset, row);
    }

    void complete(long offset, String runId) {
        fresh();
        open.complete(offset, runId);
    }

    void unreadable(long offset) {
        fresh();
        open.unreadable(offset);
    }

    /** The age of a file counts from its first record. */
    private void fresh() {
        if (open.empty()) {
            open = new SpoolFile(spool, schema, open.from(), clock.instant());
        }
    }

    void drained(long position) {
        if (!open.empty()) {
            open.reached(position);
        }
    }

    boolean due() {
        return roll.due(open, clock.instant());
    }

    /** The newest commit this sink knows, for the group's hint. */
    @Nullable
    Commit last() {
        return last;
    }

    /** How a commit ended. */
    enum Result {
        NOTHING,
        COMMITTED,
        LOST
    }

    /**
     * Makes a commit of what is open.
     *
     * @return LOST if another sink committed from the same offset; then what was open is dropped, and the caller must
     *     read on from {@link #next()}
     */
    Result commit() throws IOException {
        if (open.empty()) {
            return Result.NOTHING;
        }
        Checked checked = open.close();
        String data = null;
        if (checked != null) {
            data = chain.id().dataKey(open.from(), open.to(), checked.sha256());
            store.createIfAbsent(data, open.file());
            requireStored(data, checked);
        }
        crash.passed(CrashPoint.Moment.UPLOADED);
        Commit commit = new Commit(
                UUID.randomUUID().toString(),
                datasetId,
                chain.id().topic(),
                chain.id().topicId(),
                chain.id().partition(),
                open.from(),
                open.to(),
                data,
                open.rows(),
                checked == null ? 0 : checked.bytes(),
                checked == null ? null : checked.sha256(),
                open.completed(),
                open.unreadables());
        Chain.Appended appended = chain.append(commit);
        crash.passed(CrashPoint.Moment.COMMITTED);
        open.drop();
        return switch (appended) {
            case Chain.Appended.Ours() -> {
                log.atInfo()
                        .addKeyValue("chain", chain.id().log())
                        .addKeyValue("from", commit.from())
                        .addKeyValue("to", commit.to())
                        .addKeyValue("rows", commit.rows())
                        .log("committed");
                next(commit, commit.to());
                yield Result.COMMITTED;
            }
            case Chain.Appended.Lost(Commit winner) -> {
                log.atWarn()
                        .addKeyValue("chain", chain.id().log())
                        .addKeyValue("from", commit.from())
                        .log("another sink committed from here; reading on after it");
                next(winner, chain.head(winner.from()));
                yield Result.LOST;
            }
        };
    }

    /** A commit names only bytes that the store gives back as they were written. */
    private void requireStored(String data, Checked checked) throws IOException {
        String stored = ParquetFiles.sha256(store.fetch(data));
        if (!stored.equals(checked.sha256())) {
            throw new IOException(data + " in " + store.location() + " has sha256 " + stored + ", written was "
                    + checked.sha256() + "; look at the disk, remove the file and start again");
        }
    }

    private void next(Commit newest, long head) {
        last = newest;
        open = new SpoolFile(spool, schema, head, clock.instant());
    }

    /** The offset to read next. */
    long next() {
        return open.to();
    }

    void drop() throws IOException {
        open.drop();
    }
}

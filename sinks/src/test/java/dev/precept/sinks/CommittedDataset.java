package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.ChainId;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A dataset whose commits a test makes without a broker, through the sink's own hand. */
final class CommittedDataset {
    static final int PARTITIONS = 2;
    static final Map<String, String> TOPIC_IDS = Map.of("samples", "topic-s", "rejections", "topic-r");
    private static final String IDENTITY = "{\"sources\":[\"prompts.jsonl\"],\"spec\":\"spec-1\"}";

    private final Path folder;
    private final Dataset dataset;
    private final Path spool;
    private final Map<ChainId, PartitionSink> sinks = new HashMap<>();
    private final Map<ChainId, Long> offsets = new HashMap<>();

    CommittedDataset(Path folder, Path spool) throws IOException {
        this(folder, spool, IDENTITY);
    }

    CommittedDataset(Path folder, Path spool, String identity) throws IOException {
        this.folder = folder;
        this.dataset = Dataset.open(folder, PARTITIONS);
        this.spool = Files.createDirectories(spool);
        dataset.register(RowsOfTests.RUN, identity, TOPIC_IDS);
    }

    Dataset dataset() {
        return dataset;
    }

    ObjectStore store() {
        return dataset.store();
    }

    Path folder() {
        return folder;
    }

    /** Commits samples of one partition; each call is one commit. */
    void samples(int partition, List<Sample> samples) throws IOException {
        ChainId chain = chain("samples", partition);
        for (Sample sample : samples) {
            sink(chain).row(next(chain), sample);
        }
        sink(chain).commit();
    }

    void rejections(int partition, List<Rejection> rejections) throws IOException {
        ChainId chain = chain("rejections", partition);
        for (Rejection rejection : rejections) {
            sink(chain).row(next(chain), rejection);
        }
        sink(chain).commit();
    }

    /** Commits the end of the run on every chain. */
    void complete() throws IOException {
        for (String topic : TOPIC_IDS.keySet()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                complete(topic, partition);
            }
        }
    }

    void complete(String topic, int partition) throws IOException {
        ChainId chain = chain(topic, partition);
        sink(chain).complete(next(chain), RowsOfTests.RUN);
        sink(chain).commit();
    }

    static ChainId chain(String topic, int partition) {
        return new ChainId(topic, TOPIC_IDS.getOrDefault(topic, ""), partition);
    }

    private long next(ChainId chain) {
        return offsets.merge(chain, 1L, Long::sum) - 1;
    }

    private PartitionSink sink(ChainId id) {
        return sinks.computeIfAbsent(
                id,
                chain -> new PartitionSink(
                        store(),
                        new Chain(store(), chain),
                        dataset.id(),
                        chain.topic().equals("samples") ? Sample.getClassSchema() : Rejection.getClassSchema(),
                        spool,
                        Roll.DEFAULT,
                        InstantSource.system(),
                        CrashPoint.NONE,
                        0));
    }

    /** A copy of everything in the store. */
    static Dataset copyOf(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
            return Dataset.existing(to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from, e);
        }
    }
}

package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.runtime.kafka.KafkaAccess;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.RecordSerdes;
import dev.precept.schemas.SchemaFile;
import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.ChainId;
import dev.precept.store.ObjectStore;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/** A dataset whose commits a test makes without a broker, through the sink's own hand. */
final class CommittedDataset {
    static final int PARTITIONS = 2;
    static final Map<String, String> TOPIC_IDS = Map.of("samples", "topic-s", "rejections", "topic-r");
    private static final String IDENTITY = "{\"sources\":[\"prompts.jsonl\"],\"spec\":\"spec-1\"}";

    private static final KafkaAccess KAFKA = kafka();
    private static final RecordDecoder READER = new RecordDecoder(KAFKA);
    private static final Serializer<SpecificRecord> SERIALIZER = KAFKA.serdes().anySerializer();

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
        dataset.register(NeutralRows.RUN, identity, TOPIC_IDS);
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
            record(chain, new SampleEvent(NeutralRows.RUN, sample));
        }
        sink(chain).commit(READER);
    }

    void rejections(int partition, List<Rejection> rejections) throws IOException {
        ChainId chain = chain("rejections", partition);
        for (Rejection rejection : rejections) {
            record(chain, new RejectionEvent(NeutralRows.RUN, rejection));
        }
        sink(chain).commit(READER);
    }

    /** Commits samples and rejections, and the end of the run, on any chain. */
    void commit(ChainId chain, List<? extends SpecificRecord> rows) throws IOException {
        for (SpecificRecord row : rows) {
            record(
                    chain,
                    row instanceof Sample
                            ? new SampleEvent(NeutralRows.RUN, row)
                            : new RejectionEvent(NeutralRows.RUN, row));
        }
        sink(chain).appendCompletion(next(chain), NeutralRows.RUN);
        sink(chain).commit(READER);
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
        sink(chain).appendCompletion(next(chain), NeutralRows.RUN);
        sink(chain).commit(READER);
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
                        new SinkContext(
                                dataset,
                                spool,
                                SinkSettings.DEFAULT.rollPolicy(),
                                InstantSource.system(),
                                CrashPoint.NONE,
                                new SinkMeters(new CompositeMeterRegistry(), InstantSource.system(), spool)),
                        new Chain(store(), chain),
                        (topic, partition, offset, why) -> {
                            throw new AssertionError(topic + " " + offset + ": " + why);
                        },
                        0));
    }

    private void record(ChainId chain, SpecificRecord event) throws IOException {
        String topic = KAFKA.namespace().prefix() + "." + chain.topic();
        sink(chain).append(next(chain), SERIALIZER.serialize(topic, event));
    }

    /** Access to no broker: records are made into bytes and back with it, and that is all. */
    private static KafkaAccess kafka() {
        try {
            Namespace namespace = new Namespace("committed-dataset");
            Path folder = Files.createTempDirectory("committed-dataset");
            String registry = SchemaFile.seed(folder.resolve("schemas.json"), namespace);
            return new KafkaAccess(
                    "127.0.0.1:9",
                    Map.of(),
                    namespace,
                    new RecordSerdes(Map.of("schema.registry.url", registry)),
                    PARTITIONS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the ids of schemas", e);
        }
    }

    /** A copy of everything in the store. */
    static Dataset copyOf(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
            return Dataset.openExisting(to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from, e);
        }
    }
}

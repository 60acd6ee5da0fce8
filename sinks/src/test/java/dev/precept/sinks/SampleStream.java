package dev.precept.sinks;

import dev.precept.dataset.NeutralRows;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionComplete;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

/** Publishes samples to one partition and checks the rows that the sink committed. */
final class SampleStream implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaAccess kafka;
    private final Producer<String, SpecificRecord> producer;
    private int published;

    SampleStream(KafkaAccess kafka) throws InterruptedException, IOException {
        this.kafka = kafka;
        DatasetTopics.ensure(kafka, (short) 1);
        kafka.serdes().registry().register(kafka.namespace());
        this.producer = kafka.producer("stream");
    }

    /** Publishes samples and waits for the acknowledgements. */
    void publish(int count) {
        for (int i = 0; i < count; i++) {
            send(new SampleEvent(NeutralRows.RUN, NeutralRows.sample(published++)));
        }
        producer.flush();
    }

    /** Publishes a few samples at a time until a condition holds. */
    void publishUntil(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    publish(5);
                    return condition.call();
                });
    }

    void end() {
        send(new SampleEvent(NeutralRows.RUN, new PartitionComplete(0, (long) published, (long) published, 0L, 0L)));
        producer.flush();
    }

    private void send(SampleEvent event) {
        // A lost record is detected at the end.
        Future<?> _ = producer.send(new ProducerRecord<>(kafka.namespace().name(Topics.SAMPLES), 0, "key", event));
    }

    int published() {
        return published;
    }

    List<Oracle.KeptSample> expected() {
        return IntStream.range(0, published)
                .mapToObj(NeutralRows::sample)
                .map(SampleStream::kept)
                .toList();
    }

    private static Oracle.KeptSample kept(Sample sample) {
        return new Oracle.KeptSample(
                sample.getRunId(), sample.getPromptId(), sample.getSlot(), sample.getReasoning(), sample.getAnswer());
    }

    /** The commits of samples in a dataset folder, in order. */
    static List<Path> commits(Path dataset) {
        Path log = dataset.resolve("log");
        if (!Files.isDirectory(log)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(log)) {
            return all.filter(file -> file.toString().contains("/log/samples-"))
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the completion of the run is committed. */
    static void awaitEnd(Path dataset) {
        awaitEnd(() -> dataset);
    }

    /** @param dataset a current copy of it */
    static void awaitEnd(Supplier<Path> dataset) {
        Awaitility.await("the completion of the run to be committed")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> commits(dataset.get()).stream().anyMatch(SampleStream::ends));
    }

    private static boolean ends(Path commit) {
        try {
            return Files.readString(commit).contains("\"" + NeutralRows.RUN + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}

package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A sink in this process, with a dataset of one partition and a stream of samples. */
final class SinkFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    /** No commit is due by itself. */
    static final SinkSettings LATE = new SinkSettings(1_000_000, 1 << 30, Duration.ofHours(1), 1L << 30);

    private final Path dataset;
    private final KafkaAccess kafka;
    private final SampleStream stream;
    private final SinkApp app;

    SinkFixture(String bootstrap, Path folder, String prefix, SinkSettings settings) throws Exception {
        this(bootstrap, folder, prefix, settings, folder.resolve("dataset"), folder.resolve("spool"));
    }

    SinkFixture(String bootstrap, Path folder, String prefix, SinkSettings settings, Path dataset, Path spool)
            throws Exception {
        this(bootstrap, folder, prefix, settings, dataset, spool, Dataset.open(dataset, 1), SinkContext.STORE_BUDGET);
    }

    SinkFixture(
            String bootstrap,
            Path folder,
            String prefix,
            SinkSettings settings,
            Path dataset,
            Path spool,
            Dataset opened,
            Duration storeBudget)
            throws Exception {
        this.dataset = dataset;
        String ids = "file:" + Files.createDirectories(folder).resolve("schemas.json");
        this.kafka = new SinkProcess.SinkEnvironment(bootstrap, ids, folder, prefix, "unused").kafka();
        this.stream = new SampleStream(kafka);
        this.app = new SinkApp(
                kafka,
                Membership.staticMember(0),
                DatasetTopics.ensure(kafka, (short) 1),
                opened,
                spool,
                settings,
                new CompositeMeterRegistry(),
                CrashPoint.NONE,
                storeBudget);
    }

    Path dataset() {
        return dataset;
    }

    KafkaAccess kafka() {
        return kafka;
    }

    SampleStream stream() {
        return stream;
    }

    SinkApp app() {
        return app;
    }

    Throwable awaitFailure() {
        Awaitility.await("the sink to fail")
                .atMost(PATIENCE)
                .until(() -> app.failure().isPresent());
        return app.failure().orElseThrow();
    }

    /** The outage that it waits for. */
    String awaitNotReady() {
        Awaitility.await("the sink to wait")
                .atMost(PATIENCE)
                .until(() -> app.readinessProblem().isPresent());
        return app.readinessProblem().orElse("");
    }

    @Override
    public void close() {
        app.close();
        stream.close();
    }
}

package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.App;
import dev.precept.runtime.LoopThread;
import dev.precept.runtime.Membership;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Consumes {@code samples} and {@code rejections} and commits them to the chains of a dataset, exactly once. Stores the evidence
 * of each run that is then complete.
 */
public final class SinkApp implements App {
    static final String ROLE = "sink";

    private final SinkLoop loop;
    private final LoopThread thread;
    private final EvidenceWriter evidence;

    /**
     * @param membership distinguishes the sinks of one dataset
     * @param topicIds the broker's id of each topic, by name without prefix
     * @param spool a local folder for uncommitted files; sinks on one machine may share it. Files of an earlier sink of the
     *     same name are deleted
     */
    public SinkApp(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            Dataset dataset,
            Path spool,
            SinkSettings settings) {
        this(kafka, membership, topicIds, dataset, spool, settings, new CompositeMeterRegistry());
    }

    /** Creates a sink with metrics. */
    public SinkApp(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            Dataset dataset,
            Path spool,
            SinkSettings settings,
            MeterRegistry meters) {
        this(kafka, membership, topicIds, dataset, spool, settings, meters, CrashPoint.NONE);
    }

    SinkApp(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            Dataset dataset,
            Path spool,
            SinkSettings settings,
            MeterRegistry meters,
            CrashPoint crash) {
        this(kafka, membership, topicIds, dataset, spool, settings, meters, crash, SinkContext.STORE_BUDGET);
    }

    SinkApp(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            Dataset dataset,
            Path spool,
            SinkSettings settings,
            MeterRegistry meters,
            CrashPoint crash,
            Duration storeBudget) {
        String member = membership.name(ROLE);
        Path own = emptyFolder(spool.resolve(member));
        InstantSource clock = InstantSource.system();
        SinkContext context = new SinkContext(
                dataset, own, settings.rollPolicy(), clock, crash, new SinkMeters(meters, clock, own), storeBudget);
        evidence = new EvidenceWriter(kafka, dataset, topicIds);
        loop = new SinkLoop(kafka, membership, topicIds, context, settings.spoolBytes(), evidence::committed);
        thread = new LoopThread(member, loop::run, loop::stop);
    }

    @Override
    public String name() {
        return ROLE;
    }

    @Override
    public void start() {
        thread.start();
        evidence.start();
    }

    @Override
    public Optional<Throwable> failure() {
        return thread.failure().or(evidence::failure);
    }

    @Override
    public Optional<String> readinessProblem() {
        return loop.outage();
    }

    @Override
    public Optional<String> startupProblem() {
        return loop.hasJoined() ? Optional.empty() : Optional.of("waiting for the group to assign partitions");
    }

    @Override
    public Duration timeSinceLastPoll() {
        return loop.timeSinceLastPoll();
    }

    /** Commits the buffered records, and stores the evidence of runs that they complete, before it returns. */
    @Override
    public void close() {
        try {
            thread.close();
        } finally {
            evidence.close();
        }
    }

    private static Path emptyFolder(Path spool) {
        try {
            Files.createDirectories(spool);
            try (Stream<Path> left = Files.list(spool)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            return spool;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the spool folder " + spool, e);
        }
    }
}

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

/** Runs the sink: {@code samples} and {@code rejections} into the chains of a dataset, exactly once. */
public final class SinkApp implements App {
    static final String ROLE = "sink";

    private final SinkLoop loop;
    private final LoopThread thread;

    /**
     * @param membership tells sinks of one dataset apart
     * @param topicIds the broker's id of each topic, by name without prefix
     * @param spool a local folder for files that are not committed yet; sinks on one machine may share it, and what a
     *     sink of this name left there is dropped
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

    /** A sink that is measured. */
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
        String member = membership.name(ROLE);
        Path own = emptied(spool.resolve(member));
        InstantSource clock = InstantSource.system();
        SinkContext place =
                new SinkContext(dataset, own, settings.rollPolicy(), clock, crash, new SinkMeters(meters, clock, own));
        loop = new SinkLoop(kafka, membership, topicIds, place, settings.spoolBytes());
        thread = new LoopThread(member, loop::run, loop::stop);
    }

    @Override
    public String name() {
        return ROLE;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public Optional<Throwable> failure() {
        return thread.failure();
    }

    @Override
    public Optional<String> readinessProblem() {
        return loop.outage();
    }

    @Override
    public Optional<String> startupProblem() {
        return loop.hasJoined() ? Optional.empty() : Optional.of("the group has not said which partitions are its own");
    }

    @Override
    public Duration timeSinceLastPoll() {
        return loop.timeSinceLastPoll();
    }

    /** Commits the open files before it returns. */
    @Override
    public void close() {
        thread.close();
    }

    private static Path emptied(Path spool) {
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

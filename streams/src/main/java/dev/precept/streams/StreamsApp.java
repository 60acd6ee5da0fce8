package dev.precept.streams;

import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.streams.budget.BudgetKeeper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the topology with exactly-once processing, and the keeper of the budget beside it. */
public final class StreamsApp implements App {
    /** The role of the topology, and its group in the namespace of the dataset. */
    public static final String ROLE = "streams";

    private static final Logger log = LoggerFactory.getLogger(StreamsApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final KafkaStreams streams;
    private final BudgetKeeper budgetKeeper;
    private final RestoreProgress restoreProgress = new RestoreProgress();
    private volatile boolean running;

    /** The only process of the topology, with default settings. */
    public StreamsApp(KafkaAccess kafka, Path state, int threads) {
        this(
                kafka,
                state,
                Membership.staticMember(0),
                StreamsSettings.withThreads(threads),
                new CompositeMeterRegistry());
    }

    /**
     * @param state the folder of the local stores; if it is lost, the stores are restored from Kafka
     * @param membership the identity of this process in the group; a static member keeps its partitions over a restart
     */
    public StreamsApp(
            KafkaAccess kafka, Path state, Membership membership, StreamsSettings settings, MeterRegistry meters) {
        streams = new KafkaStreams(
                new StreamsTopology(kafka.namespace(), kafka.serdes(), meters).build(),
                StreamsClientSettings.of(kafka, state, membership, settings));
        budgetKeeper = new BudgetKeeper(kafka, membership);
        streams.setStateListener((now, before) -> {
            running |= now == KafkaStreams.State.RUNNING;
            log.atInfo().addKeyValue("state", now).addKeyValue("before", before).log("topology state changed");
        });
        streams.setGlobalStateRestoreListener(restoreProgress);
        Gauge.builder("precept.streams.restoring.records", restoreProgress::remaining)
                .description("changelog records to restore before processing starts")
                .register(meters);
        streams.setUncaughtExceptionHandler(e -> {
            log.atError().setCause(e).log("topology failed");
            failure.compareAndSet(null, e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    @Override
    public String name() {
        return ROLE;
    }

    @Override
    public void start() {
        streams.start();
        budgetKeeper.start();
    }

    @Override
    public Optional<String> startupProblem() {
        return running
                ? Optional.empty()
                : Optional.of("restoring the stores: " + restoreProgress.remaining() + " records left");
    }

    @Override
    public Optional<String> readinessProblem() {
        KafkaStreams.State state = streams.state();
        // Before the first RUNNING, startupProblem() reports the reason.
        return state == KafkaStreams.State.RUNNING || !running
                ? GroupHealth.heartbeatProblem(streams.metrics())
                : Optional.of("the topology is " + state.name().toLowerCase(Locale.ROOT));
    }

    /** For binding the metrics of Kafka Streams to a registry. */
    public KafkaStreams kafkaStreams() {
        return streams;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get()).or(budgetKeeper::failure);
    }

    @Override
    public void close() {
        budgetKeeper.close();
        streams.close(CLOSE_TIMEOUT);
    }
}

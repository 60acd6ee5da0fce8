package dev.precept.streams;

import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the curation topology, exactly once. */
public final class StreamsApp implements App {
    /** Names the application among those of the dataset. */
    public static final String ROLE = "streams";

    private static final Logger log = LoggerFactory.getLogger(StreamsApp.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final KafkaStreams streams;
    private final RestoreProgress restoreProgress = new RestoreProgress();
    private volatile boolean running;

    /** As the only process of its kind. */
    public StreamsApp(KafkaAccess kafka, Path state, int threads) {
        this(
                kafka,
                state,
                Membership.staticMember(0),
                new StreamsSettings(threads, 0, StreamsSettings.ROCKSDB_MB),
                new CompositeMeterRegistry());
    }

    /**
     * @param state the folder of the local stores; a lost one is rebuilt from Kafka
     * @param membership tells this process from others of its kind; a fixed one takes its partitions again at once
     * @param meters where it is measured
     */
    public StreamsApp(
            KafkaAccess kafka, Path state, Membership membership, StreamsSettings settings, MeterRegistry meters) {
        streams = new KafkaStreams(
                new StreamsTopology(kafka.namespace(), kafka.serdes(), meters).build(),
                settings(kafka, state, membership, settings));
        streams.setStateListener((now, before) -> {
            running |= now == KafkaStreams.State.RUNNING;
            log.atInfo().addKeyValue("state", now).addKeyValue("before", before).log("the topology");
        });
        streams.setGlobalStateRestoreListener(restoreProgress);
        Gauge.builder("precept.streams.restoring.records", restoreProgress::remaining)
                .description("records of the ledger's log that are still to be read before the work begins")
                .register(meters);
        streams.setUncaughtExceptionHandler(e -> {
            log.atError().setCause(e).log("the topology cannot go on");
            failure.compareAndSet(null, e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void start() {
        streams.start();
    }

    @Override
    public Optional<String> startupProblem() {
        return running
                ? Optional.empty()
                : Optional.of("the state is not restored: " + restoreProgress.remaining() + " records are left");
    }

    @Override
    public Optional<String> readinessProblem() {
        KafkaStreams.State state = streams.state();
        // Until it has run once, notStarted says what it waits for.
        return state == KafkaStreams.State.RUNNING || !running
                ? GroupHealth.heartbeatProblem(streams.metrics())
                : Optional.of("the topology is " + state.name().toLowerCase(Locale.ROOT));
    }

    /** The engine's own meters, for a registry that knows how to read them. */
    public KafkaStreams kafkaStreams() {
        return streams;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public void close() {
        streams.close(CLOSING);
    }

    private static Properties settings(KafkaAccess kafka, Path state, Membership membership, StreamsSettings settings) {
        Map<String, Object> s = kafka.clientSettings(membership.name("streams"));
        s.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.namespace().group(ROLE));
        s.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        s.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        s.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        // Only a standby that has read everything may take over at once.
        s.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 0L);
        s.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        s.put(BoundedRocksDb.MEGABYTES, settings.rocksdbMb());
        s.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        s.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        s.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // An outage of the broker is waited for, however long it lasts.
        s.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Long.MAX_VALUE);
        s.put(StreamsConfig.mainConsumerPrefix("auto.offset.reset"), "earliest");
        membership
                .consumerSettings("streams")
                .forEach((key, value) -> s.put(StreamsConfig.mainConsumerPrefix(key), value));
        s.put(StreamsConfig.producerPrefix("max.request.size"), 4 << 20);
        s.put(StreamsConfig.producerPrefix("compression.type"), "zstd");
        Properties properties = new Properties();
        properties.putAll(s);
        return properties;
    }
}

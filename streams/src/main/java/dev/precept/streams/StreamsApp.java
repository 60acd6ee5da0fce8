package dev.precept.streams;

import dev.precept.kafka.DatasetTopics;
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
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
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
                new StreamsSettings(threads, 0, StreamsSettings.ROCKSDB_MB),
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
                settings(kafka, state, membership, settings));
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

    private static Properties settings(KafkaAccess kafka, Path state, Membership membership, StreamsSettings settings) {
        Map<String, Object> s = kafka.clientSettings(membership.name(ROLE));
        s.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.namespace().group(ROLE));
        s.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        s.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        s.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        // Only a standby without any lag may take over.
        s.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 0L);
        s.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        s.put(BoundedRocksDb.MEGABYTES, settings.rocksdbMb());
        s.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        s.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        s.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // Wait out an outage of the broker, however long it lasts.
        s.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Long.MAX_VALUE);
        s.put(StreamsConfig.mainConsumerPrefix("auto.offset.reset"), "earliest");
        membership.consumerSettings(ROLE).forEach((key, value) -> s.put(StreamsConfig.mainConsumerPrefix(key), value));
        s.put(StreamsConfig.producerPrefix("max.request.size"), DatasetTopics.MAX_RECORD_BYTES);
        s.put(StreamsConfig.producerPrefix("compression.type"), "zstd");
        Properties properties = new Properties();
        properties.putAll(s);
        return properties;
    }
}

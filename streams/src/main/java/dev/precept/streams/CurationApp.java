package dev.precept.streams;

import dev.precept.runtime.App;
import dev.precept.runtime.kafka.KafkaAccess;
import java.nio.file.Path;
import java.time.Duration;
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
public final class CurationApp implements App {
    /** Names the application among those of the dataset. */
    static final String ROLE = "curation";

    private static final Logger log = LoggerFactory.getLogger(CurationApp.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final KafkaStreams streams;

    /**
     * @param state the folder of the local stores; a lost one is rebuilt from Kafka
     * @param threads stream threads of this process
     */
    public CurationApp(KafkaAccess kafka, Path state, int threads) {
        streams = new KafkaStreams(
                new CurationTopology(kafka.namespace(), kafka.serdes()).build(), settings(kafka, state, threads));
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
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public void close() {
        streams.close(CLOSING);
    }

    private static Properties settings(KafkaAccess kafka, Path state, int threads) {
        Map<String, Object> s = kafka.clientSettings("streams");
        s.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.namespace().group(ROLE));
        s.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        s.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        s.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        s.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        s.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // An outage of the broker is waited for, however long it lasts.
        s.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Long.MAX_VALUE);
        s.put(StreamsConfig.mainConsumerPrefix("auto.offset.reset"), "earliest");
        s.put(StreamsConfig.mainConsumerPrefix("session.timeout.ms"), 6_000);
        s.put(StreamsConfig.mainConsumerPrefix("heartbeat.interval.ms"), 1_500);
        // A fixed member takes its partitions again at once after a crash.
        s.put(StreamsConfig.mainConsumerPrefix("group.instance.id"), "streams-0");
        s.put(StreamsConfig.producerPrefix("max.request.size"), 4 << 20);
        s.put(StreamsConfig.producerPrefix("compression.type"), "zstd");
        Properties properties = new Properties();
        properties.putAll(s);
        return properties;
    }
}

package dev.precept.streams;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams. Client settings of a recipe replace those that only tune, never those that keep a promise. */
final class StreamsClientSettings {
    /**
     * A replica of the stores with fewer records to restore is treated as complete. With exactly-once processing the end of a
     * changelog is behind the last commit marker, so a complete replica has a lag of 1 at least; at 0 no replica is ever
     * complete, and an instance that joins never gets a task. These records are restored in about a second.
     */
    private static final long ACCEPTABLE_RECOVERY_LAG = 10_000;

    /** The minimum that Kafka Streams allows: how long a complete replica waits for its task. */
    private static final long PROBING_INTERVAL_MILLIS = 60_000;

    /**
     * Records of one input partition that are buffered; Kafka Streams bounds their number only. A task has three input
     * partitions, and a verdict may have 700 KB: 16 tasks buffer 0.6 GB in the worst case, 50 MB at the usual 64 KB.
     */
    private static final int BUFFERED_RECORDS = 25;

    /** A stored record holds one of an input topic, and a little more. */
    static final int MAX_STORED_BYTES = DatasetTopics.MAX_RECORD_BYTES + (64 << 10);

    private static final int POLLED_RECORDS = 100;
    /** A document of the near-duplicate state is some twenty records; with batches of 16 KiB the producer wakes for each. */
    private static final int BATCH_BYTES = 128 << 10;

    private static final int FETCH_BYTES = 16 << 20;
    private static final int FETCH_BYTES_PER_PARTITION = 1 << 20;

    private StreamsClientSettings() {}

    static Properties of(KafkaAccess kafka, Path state, Membership membership, StreamsSettings settings) {
        Properties all = new Properties();
        tuning(kafka, settings).forEach(all::put);
        all.putAll(kafka.clientSettings(membership.name(StreamsApp.ROLE)));
        required(kafka, state, membership, settings).forEach(all::put);
        return all;
    }

    private static Map<String, Object> tuning(KafkaAccess kafka, StreamsSettings settings) {
        return Map.ofEntries(
                Map.entry(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, ACCEPTABLE_RECOVERY_LAG),
                Map.entry(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING_INTERVAL_MILLIS),
                // All tasks that move restore at the same time. The default of 2 moves two tasks a minute.
                Map.entry(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, kafka.partitions()),
                Map.entry(
                        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                        settings.commitInterval().toMillis()),
                Map.entry(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS),
                Map.entry(StreamsConfig.mainConsumerPrefix("max.poll.records"), POLLED_RECORDS),
                Map.entry(StreamsConfig.mainConsumerPrefix("fetch.max.bytes"), FETCH_BYTES),
                Map.entry(StreamsConfig.mainConsumerPrefix("max.partition.fetch.bytes"), FETCH_BYTES_PER_PARTITION),
                Map.entry(StreamsConfig.producerPrefix("batch.size"), BATCH_BYTES),
                Map.entry(StreamsConfig.producerPrefix("compression.type"), "zstd"));
    }

    private static Map<String, Object> required(
            KafkaAccess kafka, Path state, Membership membership, StreamsSettings settings) {
        Map<String, Object> required = new HashMap<>();
        required.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.namespace().group(StreamsApp.ROLE));
        required.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        required.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        required.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        required.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        required.put(BoundedRocksDb.MEGABYTES, settings.rocksdbMb());
        required.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        required.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // Wait out an outage of the broker, however long it lasts.
        required.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Long.MAX_VALUE);
        required.put(StreamsConfig.mainConsumerPrefix("auto.offset.reset"), "earliest");
        membership
                .consumerSettings(StreamsApp.ROLE)
                .forEach((key, value) -> required.put(StreamsConfig.mainConsumerPrefix(key), value));
        required.put(StreamsConfig.producerPrefix("max.request.size"), MAX_STORED_BYTES);
        return required;
    }
}

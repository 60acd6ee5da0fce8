package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.kafka.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker: slow records, the limit, stop, failure, rebalance, and what is repeated after each. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConcurrentConsumerTest {
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 200;

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private String topic = "";

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(folder, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void fillTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.address());
        try (Admin admin = Admin.create(settings);
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = ("v" + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, "r" + i, value))
                        .get();
            }
        }
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void aSlowRecordDelaysNoOtherAndOnlyItIsRepeated() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ConcurrentConsumer<byte[]> loop = loop("a", 50, (record, permit) -> {
            if (record.key().equals("r0")) {
                never.await();
            }
            done.add(record.key());
        });
        Future<?> first = threads.submit(() -> loop.run(topic));
        awaitDone(RECORDS - 1);
        loop.stop();
        first.get();
        assertThat(done).hasSize(RECORDS - 1).doesNotContain("r0").doesNotHaveDuplicates();

        ConcurrentConsumer<byte[]> again = loop("a", 50, (record, permit) -> done.add(record.key()));
        Future<?> second = threads.submit(() -> again.run(topic));
        awaitDone(RECORDS);
        again.stop();
        second.get();
        assertThat(done).hasSize(RECORDS).doesNotHaveDuplicates().contains("r0");
    }

    @Test
    void theLimitOfRecordsInFlightIsReachedAndNotExceeded() throws Exception {
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(7);
        ConcurrentConsumer<byte[]> loop = loop("a", 7, (record, permit) -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            full.countDown();
            full.await();
            done.add(record.key());
            working.decrementAndGet();
        });
        Future<?> running = threads.submit(() -> loop.run(topic));
        awaitDone(RECORDS);
        loop.stop();
        running.get();
        assertThat(most).hasValue(7);
    }

    @Test
    void aStopDrainsTheRecordsInFlight() throws Exception {
        CountDownLatch started = new CountDownLatch(5);
        CountDownLatch stopped = new CountDownLatch(1);
        ConcurrentConsumer<byte[]> loop = loop("a", 5, (record, permit) -> {
            started.countDown();
            stopped.await();
            done.add(record.key());
        });
        Future<?> running = threads.submit(() -> loop.run(topic));
        started.await();
        loop.stop();
        stopped.countDown();
        running.get();
        assertThat(done).as("started before the stop, and none after it").hasSize(5);

        ConcurrentConsumer<byte[]> again = loop("a", 50, (record, permit) -> done.add(record.key()));
        Future<?> second = threads.submit(() -> again.run(topic));
        awaitDone(RECORDS);
        again.stop();
        second.get();
        assertThat(done).hasSize(RECORDS).doesNotHaveDuplicates();
    }

    @Test
    void aFailingHandlerStopsTheConsumerWithItsOffsetAndTheRecordIsRepeated() throws Exception {
        ConcurrentConsumer<byte[]> loop = loop("a", 50, (record, permit) -> {
            if (record.key().equals("r9")) {
                throw new IllegalStateException("no such excerpt");
            }
            done.add(record.key());
        });
        assertThatThrownBy(() -> loop.run(topic)).hasMessage(topic + "-1@2: no such excerpt");
        assertThat(done).doesNotContain("r9");

        ConcurrentConsumer<byte[]> again = loop("a", 50, (record, permit) -> done.add(record.key()));
        Future<?> second = threads.submit(() -> again.run(topic));
        awaitDone(RECORDS);
        again.stop();
        second.get();
        assertThat(done).hasSize(RECORDS).doesNotHaveDuplicates().contains("r9");
    }

    @Test
    void aSecondMemberGetsPartitionsAndNoRecordIsRepeated() throws Exception {
        Map<String, String> by = new ConcurrentHashMap<>();
        CountDownLatch bothWork = new CountDownLatch(2);
        Map<String, Boolean> workers = new ConcurrentHashMap<>();
        ConcurrentConsumer.RecordHandler<byte[]> one = share("one", by, workers, bothWork);
        ConcurrentConsumer.RecordHandler<byte[]> two = share("two", by, workers, bothWork);
        ConcurrentConsumer<byte[]> first = loop("a", 4, one);
        ConcurrentConsumer<byte[]> second = loop("b", 4, two);
        Future<?> running = threads.submit(() -> first.run(topic));
        Awaitility.await().until(() -> workers.containsKey("one"));
        Future<?> joined = threads.submit(() -> second.run(topic));
        awaitDone(RECORDS);
        first.stop();
        second.stop();
        running.get();
        joined.get();
        assertThat(done).hasSize(RECORDS).doesNotHaveDuplicates();
        assertThat(by.values()).contains("one", "two");
    }

    /** Delays the first records until the other member handles some too. */
    private ConcurrentConsumer.RecordHandler<byte[]> share(
            String name, Map<String, String> by, Map<String, Boolean> workers, CountDownLatch bothWork) {
        return (record, permit) -> {
            if (workers.put(name, true) == null) {
                bothWork.countDown();
            }
            // Must end within the handover, so it cannot wait for the other member without a limit.
            bothWork.await(500, TimeUnit.MILLISECONDS);
            by.put(record.key(), name);
            done.add(record.key());
        };
    }

    private ConcurrentConsumer<byte[]> loop(
            String member, int most, ConcurrentConsumer.RecordHandler<byte[]> recordHandler) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.address());
        settings.put("group.id", topic);
        settings.put("client.id", member);
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "none");
        settings.put("max.poll.records", 10);
        settings.put("heartbeat.interval.ms", 300);
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        return new ConcurrentConsumer<>(
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer()),
                ConsumerLimits.of(most, Duration.ofSeconds(2), Duration.ofSeconds(2)),
                recordHandler);
    }

    private void awaitDone(int records) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> done.size() >= records);
    }
}

package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Long calls are not repeated by a drain, by a partition that moves, or by one that is lost and comes back. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ConcurrentConsumerRebalanceTest {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(1);
    /** Within which a wrong move of a partition would show. */
    private static final Duration SETTLE = Duration.ofMillis(500);

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int RECORDS = 40;

    @TempDir
    static Path folder;

    private static ConsumerFixture fixture;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<String> started = new ConcurrentLinkedQueue<>();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final CountDownLatch answered = new CountDownLatch(1);
    private String topic = "";

    @BeforeAll
    static void startBroker() {
        fixture = new ConsumerFixture(folder);
    }

    @AfterAll
    static void stopBroker() {
        fixture.close();
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** A drain that blocks the polls would lose the partition, and all calls would be made again. */
    @Test
    void aDrainMayTakeLongerThanThePollInterval() throws Exception {
        fixture.fill(topic, 1, RECORDS);
        ConcurrentConsumer<byte[]> first = consumer("a", POLL_INTERVAL, LONG, LONG, this::call);
        Future<?> draining = threads.submit(() -> first.run(topic));
        ConsumerFixture.await().until(() -> started.size() == RECORDS);
        first.stop();
        long stopped = System.nanoTime();
        ConcurrentConsumer<byte[]> second =
                consumer("b", LONG, SHORT, (record, permit) -> started.add("again " + record.key()));
        Future<?> joined = threads.submit(() -> second.run(topic));
        ConsumerFixture.await()
                .until(() -> System.nanoTime() - stopped
                        > POLL_INTERVAL.multipliedBy(3).toNanos());
        answered.countDown();
        draining.get();
        ConsumerFixture.await().until(() -> fixture.committed(topic, 0) == RECORDS);
        ConsumerFixture.await().until(() -> second.status().partitions() > 0);
        second.stop();
        joined.get();
        assertThat(started).hasSize(RECORDS);
        assertThat(done).hasSize(RECORDS);
    }

    /** The rebalance waits for the calls of the partitions that move; the others continue meanwhile. */
    @Test
    @Tag("large")
    void aPartitionMovesWhenItsCallsHaveEnded() throws Exception {
        fixture.fill(topic, 2, RECORDS);
        ConcurrentConsumer<byte[]> first = consumer("a", LONG, SHORT, this::call);
        Future<?> running = threads.submit(() -> first.run(topic));
        ConsumerFixture.await().until(() -> started.size() == RECORDS);
        ConcurrentConsumer<byte[]> second =
                consumer("b", LONG, SHORT, (record, permit) -> started.add("again " + record.key()));
        Future<?> joined = threads.submit(() -> second.run(topic));
        ConsumerFixture.await().pollDelay(SETTLE).until(() -> rebalances(first) >= 2 && second.hasJoined());
        answered.countDown();
        ConsumerFixture.await().until(() -> second.status().partitions() > 0);
        first.stop();
        second.stop();
        running.get();
        joined.get();
        assertThat(started).hasSize(RECORDS);
        assertThat(fixture.committed(topic, 0) + fixture.committed(topic, 1)).isEqualTo(RECORDS);
    }

    @Test
    @Tag("large")
    void aCallThatOutlivesItsPartitionIsJoinedWhenThePartitionComesBack() throws Exception {
        fixture.fill(topic, 2, RECORDS);
        ConcurrentConsumer<byte[]> first = consumer("a", SHORT, LONG, this::call);
        Future<?> running = threads.submit(() -> first.run(topic));
        ConsumerFixture.await().until(() -> started.size() == RECORDS);
        CountDownLatch never = new CountDownLatch(1);
        ConcurrentConsumer<byte[]> second = consumer("b", SHORT, SHORT, (record, permit) -> never.await());
        Future<?> joined = threads.submit(() -> second.run(topic));
        ConsumerFixture.await().until(() -> second.status().inFlight() > 0);
        second.stop();
        joined.get();
        ConsumerFixture.await()
                .pollDelay(SETTLE)
                .until(() -> first.status().partitions() == 2 && first.status().queued() == 0);
        answered.countDown();
        ConsumerFixture.await().until(() -> fixture.committed(topic, 0) + fixture.committed(topic, 1) == RECORDS);
        first.stop();
        running.get();
        assertThat(started).hasSize(RECORDS).doesNotHaveDuplicates();
        assertThat(done).hasSize(RECORDS);
    }

    @Test
    @Tag("large")
    void aLostPartitionThatComesBackRepeatsNoCall() throws Exception {
        fixture.fill(topic, 2, RECORDS);
        ConcurrentConsumer<byte[]> consumer = consumer("a", LONG, LONG, (record, permit) -> {
            if (record.partition() == 1) {
                call(record, permit);
            } else {
                started.add(record.key());
                done.add(record.key());
            }
        });
        Future<?> running = threads.submit(() -> consumer.run(topic));
        ConsumerFixture.await().until(() -> started.size() == RECORDS);
        double before = rebalances(consumer);
        try (Admin admin = fixture.admin()) {
            admin.removeMembersFromConsumerGroup(topic, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        }
        ConsumerFixture.await()
                .pollDelay(SETTLE)
                .until(() -> rebalances(consumer) > before && consumer.status().partitions() == 2);
        answered.countDown();
        ConsumerFixture.await().until(() -> fixture.committed(topic, 0) + fixture.committed(topic, 1) == RECORDS);
        consumer.stop();
        running.get();
        assertThat(started).hasSize(RECORDS).doesNotHaveDuplicates();
        assertThat(done).hasSize(RECORDS);
    }

    /** A long call, which cannot be interrupted, as if a server worked on it. */
    private void call(ConsumerRecord<String, byte[]> record, Permit permit) throws InterruptedException {
        started.add(record.key());
        answered.await();
        done.add(record.key());
    }

    private static double rebalances(ConcurrentConsumer<byte[]> consumer) {
        return consumer.consumerMetrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("rebalance-total"))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .sum();
    }

    private ConcurrentConsumer<byte[]> consumer(
            String member, Duration handover, Duration drain, ConcurrentConsumer.RecordHandler<byte[]> handler) {
        return consumer(member, LONG, handover, drain, handler);
    }

    private ConcurrentConsumer<byte[]> consumer(
            String member,
            Duration pollInterval,
            Duration handover,
            Duration drain,
            ConcurrentConsumer.RecordHandler<byte[]> handler) {
        return new ConcurrentConsumer<>(
                fixture.kafka(topic, member, Map.of("max.poll.interval.ms", (int) pollInterval.toMillis())),
                ConsumerLimits.of(RECORDS, handover, drain),
                handler);
    }
}

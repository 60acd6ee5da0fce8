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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A record that waits gives its permit to another, and takes one before a new record does. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ConcurrentConsumerParkingTest {
    private static final int PERMITS = 4;
    private static final int RECORDS = 60;

    @TempDir
    static Path folder;

    private static ConsumerFixture fixture;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
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
    void fillTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        fixture.fill(topic, 1, RECORDS);
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void moreRecordsWaitThanThereArePermitsAndTheOthersAreHandled() throws Exception {
        CountDownLatch serverIsBack = new CountDownLatch(1);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ConcurrentConsumer<byte[]> consumer = consumer(1_000, (record, permit) -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            if (number(record.key()) < 5 * PERMITS) {
                working.decrementAndGet();
                permit.park(serverIsBack::await);
                most.accumulateAndGet(working.incrementAndGet(), Math::max);
            }
            done.add(record.key());
            working.decrementAndGet();
        });
        Future<?> running = threads.submit(() -> consumer.run(topic));
        ConsumerFixture.await().until(() -> done.size() == RECORDS - 5 * PERMITS);
        assertThat(consumer.status().parked()).isEqualTo(5 * PERMITS);
        assertThat(consumer.status().oldest()).contains(topic + "-0@0");

        serverIsBack.countDown();
        ConsumerFixture.await().until(() -> done.size() == RECORDS);
        consumer.stop();
        running.get();
        assertThat(most).hasValueLessThanOrEqualTo(PERMITS);
        assertThat(done).doesNotHaveDuplicates();
        assertThat(consumer.status().parked()).isZero();
        assertThat(consumer.status().parkedBytes()).isZero();
    }

    @Test
    void atTheBoundOfParkedRecordsNoFurtherOneStartsAndNoneIsLost() throws Exception {
        CountDownLatch resumed = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        ConcurrentConsumer<byte[]> consumer = consumer(2 * PERMITS, (record, permit) -> {
            started.incrementAndGet();
            permit.park(resumed::await);
            done.add(record.key());
        });
        Future<?> running = threads.submit(() -> consumer.run(topic));
        ConsumerFixture.await().until(() -> consumer.status().parked() >= 2 * PERMITS);
        ConsumerFixture.await().until(() -> consumer.status().inFlight() == 0);
        assertThat(started).hasValueLessThanOrEqualTo(3 * PERMITS);

        resumed.countDown();
        ConsumerFixture.await().until(() -> done.size() == RECORDS);
        consumer.stop();
        running.get();
        assertThat(done).hasSize(RECORDS).doesNotHaveDuplicates();
    }

    @Test
    void aStopInterruptsParkedRecordsAtOnceAndTheyAreRepeated() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ConcurrentConsumer<byte[]> consumer = consumer(1_000, (record, permit) -> {
            if (number(record.key()) % 2 == 0) {
                permit.park(never::await);
            }
            done.add(record.key());
        });
        Future<?> running = threads.submit(() -> consumer.run(topic));
        ConsumerFixture.await().until(() -> done.size() == RECORDS / 2);
        ConsumerFixture.await().until(() -> consumer.status().parked() == RECORDS / 2);
        long stopped = System.nanoTime();
        consumer.stop();
        running.get();
        assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(10));

        ConcurrentConsumer<byte[]> next = consumer(1_000, (record, permit) -> done.add(record.key()));
        Future<?> repeated = threads.submit(() -> next.run(topic));
        ConsumerFixture.await().until(() -> done.size() == RECORDS);
        next.stop();
        repeated.get();
        assertThat(done).hasSize(RECORDS).doesNotHaveDuplicates();
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(1));
    }

    private ConcurrentConsumer<byte[]> consumer(int maxParked, ConcurrentConsumer.RecordHandler<byte[]> handler) {
        return new ConcurrentConsumer<>(
                fixture.kafka(topic, "a", Map.of()),
                new ConsumerLimits(PERMITS, maxParked, 1 << 20, Duration.ofSeconds(2), Duration.ofSeconds(30)),
                handler);
    }
}

package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.FaultyProxy.Fault;
import dev.precept.testkit.S3Proxy;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rejected requests and lost replies do not change which objects are created, nor by which store. */
@Tag("slow")
final class S3StoreLostReplyTest {
    private static final S3Store.Sizes IN_PARTS = new S3Store.Sizes(1 << 20, 5 << 20);
    private static final double SHARE = 0.05;

    private static S3Proxy server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = S3Proxy.start(folder, TestBucket.BUCKET);
        TestBucket.giveCredentials();
    }

    @AfterAll
    static void stop() {
        server.close();
        TestBucket.takeCredentials();
    }

    @Test
    void everyCreateSucceedsOnceAndReadsBack(@TempDir Path local) throws Exception {
        RandomGenerator random = Seed.random(Seed.choose(S3StoreLostReplyTest.class));
        Bucket bucket = TestBucket.freshPrefix();
        Map<String, byte[]> written = new HashMap<>();
        try (FaultyProxy network = FaultyProxy.start(server.endpoint(), Seed.random(random.nextLong()), SHARE);
                ExecutorService writers = Executors.newFixedThreadPool(4)) {
            S3Store store = S3Store.open(bucket, TestBucket.at(network.endpoint()), IN_PARTS);
            List<Callable<Boolean>> creates = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                byte[] bytes = bytes(random, i % 50 == 0 ? 11 << 20 : random.nextInt(2_000));
                String key = "log/%03d".formatted(i);
                Path file = Files.write(local.resolve("file-" + i), bytes);
                written.put(key, bytes);
                creates.add(() -> store.createIfAbsent(key, file));
            }
            for (Future<Boolean> created : writers.invokeAll(creates)) {
                assertThat(created.get()).isTrue();
            }
            for (Future<Boolean> again : writers.invokeAll(creates)) {
                assertThat(again.get()).isFalse();
            }
            for (Map.Entry<String, byte[]> entry : written.entrySet()) {
                assertThat(store.read(entry.getKey())).hasValue(entry.getValue());
            }
            System.out.println("rejected " + network.rejectedRequests() + ", replies lost " + network.lostReplies());
            assertThat(network.rejectedRequests()).isPositive();
            assertThat(network.lostReplies()).isPositive();
        }
        S3Store direct = S3Store.openReadOnly(bucket, TestBucket.at(server.endpoint()));
        assertThat(direct.list(""))
                .containsExactlyElementsOf(written.keySet().stream().sorted().toList());
        for (Map.Entry<String, byte[]> entry : written.entrySet()) {
            assertThat(direct.fetch(entry.getKey())).hasBinaryContent(entry.getValue());
        }
    }

    @Test
    void aCreateWhoseReplyWasLostStillWins() throws IOException {
        Bucket bucket = TestBucket.freshPrefix();
        try (FaultyProxy network = once(Fault.REPLY_LOST, line -> line.startsWith("PUT ") && line.contains("/log/1"))) {
            S3Store store = S3Store.open(bucket, TestBucket.at(network.endpoint()));
            assertThat(store.createIfAbsent("log/1", new byte[] {1})).isTrue();
            assertThat(store.createIfAbsent("log/1", new byte[] {1})).isFalse();
            assertThat(network.lostReplies()).isEqualTo(1);
        }
    }

    @Test
    void anotherStoreWithTheSameBytesDoesNotWinToo() throws IOException {
        Bucket bucket = TestBucket.freshPrefix();
        S3Store other = S3Store.open(bucket, TestBucket.at(server.endpoint()));
        other.createIfAbsent("log/1", new byte[] {1});
        try (FaultyProxy network = once(Fault.REPLY_LOST, line -> line.startsWith("PUT ") && line.contains("/log/1"))) {
            S3Store store = S3Store.open(bucket, TestBucket.at(network.endpoint()));
            assertThat(store.createIfAbsent("log/1", new byte[] {1})).isFalse();
        }
    }

    @Test
    void aConflictIsRetried(@TempDir Path local) throws IOException {
        Bucket bucket = TestBucket.freshPrefix();
        byte[] bytes = bytes(Seed.random(1), 6 << 20);
        Path file = Files.write(local.resolve("file"), bytes);
        try (FaultyProxy network = once(Fault.CONFLICT, line -> line.startsWith("PUT ") && line.contains("/log/1"))) {
            S3Store store = S3Store.open(bucket, TestBucket.at(network.endpoint()), IN_PARTS);
            assertThat(store.createIfAbsent("log/1", new byte[] {1})).isTrue();
            assertThat(network.rejectedRequests()).isEqualTo(1);
        }
        try (FaultyProxy network =
                once(Fault.CONFLICT, line -> line.startsWith("POST ") && line.contains("/data/1?uploadId"))) {
            S3Store store = S3Store.open(bucket, TestBucket.at(network.endpoint()), IN_PARTS);
            assertThat(store.createIfAbsent("data/1", file)).isTrue();
            assertThat(network.rejectedRequests()).isEqualTo(1);
            assertThat(store.fetch("data/1")).hasBinaryContent(bytes);
        }
    }

    @Test
    void aMultipartUploadWithALostReplyStillWins(@TempDir Path local) throws IOException {
        Bucket bucket = TestBucket.freshPrefix();
        byte[] bytes = bytes(Seed.random(1), 11 << 20);
        Path file = Files.write(local.resolve("file"), bytes);
        for (String step : List.of("POST uploads", "PUT partNumber=2", "POST uploadId")) {
            String[] words = step.split(" ");
            String key = "data/" + words[1];
            try (FaultyProxy network = once(
                    Fault.REPLY_LOST,
                    line -> line.startsWith(words[0]) && line.contains(words[1]) && line.contains("/data/"))) {
                S3Store store = S3Store.open(bucket, TestBucket.at(network.endpoint()), IN_PARTS);
                assertThat(store.createIfAbsent(key, file)).as(step).isTrue();
                assertThat(network.lostReplies()).as(step).isEqualTo(1);
                assertThat(store.fetch(key)).hasBinaryContent(bytes);
            }
        }
    }

    /** Applies the fault to the first matching request. */
    private static FaultyProxy once(Fault fault, Predicate<String> matches) {
        ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>(List.of(fault));
        return FaultyProxy.start(server.endpoint(), line -> {
            Fault next = matches.test(line) ? faults.poll() : null;
            return next == null ? Fault.NONE : next;
        });
    }

    private static byte[] bytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}

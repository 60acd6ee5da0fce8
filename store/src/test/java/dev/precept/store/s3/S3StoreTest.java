package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStoreContract;
import dev.precept.store.StoreException;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class S3StoreTest implements ObjectStoreContract {
    private static final int MEBIBYTE = 1 << 20;
    private static final S3Store.Sizes IN_PARTS = new S3Store.Sizes(MEBIBYTE, 5 * MEBIBYTE);

    private static S3Proxy server;

    private Bucket bucket;
    private S3Store store;

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

    @BeforeEach
    void open() throws IOException {
        bucket = TestBucket.freshPrefix();
        store = S3Store.open(bucket, TestBucket.at(server.endpoint()), IN_PARTS);
    }

    @Override
    public ObjectStore store() {
        return store;
    }

    @Test
    void aLargeFileIsUploadedInPartsAndCreatedOnce(@TempDir Path local) throws IOException {
        byte[] bytes = random(12 * MEBIBYTE + 17);
        Path file = Files.write(local.resolve("large"), bytes);
        assertThat(store.createIfAbsent("data/large", file)).isTrue();
        assertThat(store.fetch("data/large")).hasBinaryContent(bytes);

        Path other = Files.write(local.resolve("other"), random(6 * MEBIBYTE));
        assertThat(store.createIfAbsent("data/large", other)).isFalse();
        assertThat(store.fetch("data/large")).hasBinaryContent(bytes);
        assertThat(store.list("data/")).containsExactly("data/large");
    }

    @Test
    void ofConcurrentMultipartCreatesOfOneKeyExactlyOneWins(@TempDir Path local) throws Exception {
        try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
            for (int race = 0; race < 3; race++) {
                String key = "data/race-" + race;
                CyclicBarrier start = new CyclicBarrier(RACERS);
                List<Callable<Boolean>> creates = new ArrayList<>();
                for (int racer = 0; racer < RACERS; racer++) {
                    Path file = Files.write(local.resolve("racer-" + racer), random(MEBIBYTE + 1 + racer));
                    creates.add(() -> {
                        start.await();
                        return store.createIfAbsent(key, file);
                    });
                }
                List<Long> winners = new ArrayList<>();
                List<Future<Boolean>> ends = racers.invokeAll(creates);
                for (int racer = 0; racer < RACERS; racer++) {
                    if (ends.get(racer).get()) {
                        winners.add((long) MEBIBYTE + 1 + racer);
                    }
                }
                assertThat(winners).hasSize(1);
                assertThat(Files.size(store.fetch(key))).isEqualTo(winners.getFirst());
            }
        }
    }

    @Test
    void prefixesOfOneBucketAreSeparate() throws IOException {
        S3Store neighbour = S3Store.open(
                new Bucket(bucket.name(), bucket.prefix() + "-next"), TestBucket.at(server.endpoint()), IN_PARTS);
        store.createIfAbsent("a", bytes("mine"));
        neighbour.createIfAbsent("a", bytes("theirs"));
        assertThat(store.list("")).containsExactly("a");
        assertThat(store.read("a")).hasValue(bytes("mine"));
    }

    @Test
    void keysOfAllPagesAreListed() throws Exception {
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> creates = new ArrayList<>();
            for (int i = 0; i < 1_050; i++) {
                String key = "log/%04d".formatted(i);
                creates.add(() -> store.createIfAbsent(key, bytes("x")));
            }
            for (Future<Boolean> created : writers.invokeAll(creates)) {
                assertThat(created.get()).isTrue();
            }
        }
        assertThat(store.list("log/")).hasSize(1_050).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aFlippedBitIsDetectedOnRead(@TempDir Path local) throws IOException {
        byte[] bytes = random(3 * MEBIBYTE);
        store.createIfAbsent("data/whole", bytes);
        store.createIfAbsent("data/parts", Files.write(local.resolve("file"), bytes));
        for (String key : List.of("data/whole", "data/parts")) {
            Path stored = server.file(bucket.name(), bucket.prefix() + "/" + key);
            byte[] flipped = Files.readAllBytes(stored);
            flipped[MEBIBYTE] ^= 1;
            Files.write(stored, flipped);
            assertThatThrownBy(() -> store.fetch(key))
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining(bucket + "/" + key)
                    .hasMessageContaining("is not what was stored");
            assertThatThrownBy(() -> store.read(key))
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining("is not what was stored");
        }
    }

    @Test
    void anUnchangedKeyIsNotDownloadedAgain() throws IOException {
        store.createIfAbsent("data/a", bytes("rows"));
        Path first = store.fetch("data/a");
        assertThat(store.fetch("data/a")).isEqualTo(first);
        store.delete("data/a");
        assertThatThrownBy(() -> store.fetch("data/a")).isInstanceOf(NoSuchFileException.class);
        store.createIfAbsent("data/a", bytes("other rows"));
        assertThat(store.fetch("data/a")).hasBinaryContent(bytes("other rows"));
        assertThat(first).hasBinaryContent(bytes("rows"));
    }

    @Test
    void anObjectMayBeEmpty(@TempDir Path local) throws IOException {
        assertThat(store.createIfAbsent("a", new byte[0])).isTrue();
        assertThat(store.createIfAbsent("b", Files.createFile(local.resolve("empty"))))
                .isTrue();
        assertThat(store.read("a")).hasValue(new byte[0]);
        assertThat(store.fetch("b")).isEmptyFile();
    }

    @Test
    void aKeyOutsideThePrefixIsRejected() {
        assertThatThrownBy(() -> store.createIfAbsent("../outside", new byte[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("../outside");
    }

    @Test
    void openingToReadCreatesNothing() throws IOException {
        store.createIfAbsent("a", bytes("x"));
        S3Store reader = S3Store.openReadOnly(bucket, TestBucket.at(server.endpoint()));
        assertThat(reader.read("a")).hasValue(bytes("x"));
        assertThat(reader.list("")).containsExactly("a");
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

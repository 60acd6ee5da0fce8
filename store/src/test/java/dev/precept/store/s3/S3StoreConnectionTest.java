package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Concurrent calls reuse their connections: each new one to a real server is a TLS handshake. */
final class S3StoreConnectionTest {
    private static final int CALLS = 40;
    private static final int ROUNDS = 6;

    @BeforeAll
    static void start() {
        TestBucket.giveCredentials();
    }

    @AfterAll
    static void stop() {
        TestBucket.takeCredentials();
    }

    @Test
    void asManyConnectionsAsConcurrentCallsAreKept() throws Exception {
        try (CannedServer server = CannedServer.acceptingAll()) {
            S3Store store = S3Store.openReadOnly(TestBucket.freshPrefix(), TestBucket.at(server.endpoint()));
            for (int round = 0; round < ROUNDS; round++) {
                CountDownLatch together = new CountDownLatch(CALLS);
                try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int call = 0; call < CALLS; call++) {
                        Future<?> _ = calls.submit(() -> {
                            together.countDown();
                            together.await();
                            return store.read("absent");
                        });
                    }
                }
            }
            assertThat(server.connections()).isLessThanOrEqualTo(CALLS + 10);
        }
    }
}

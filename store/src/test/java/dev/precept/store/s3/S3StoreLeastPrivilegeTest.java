package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.FaultyProxy.Fault;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials need no more than what is done with them. */
final class S3StoreLeastPrivilegeTest {
    private static S3Proxy server;

    private final Bucket bucket = TestBucket.freshPrefix();

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
    void withoutPermissionToDeleteEverythingElseWorks(@TempDir Path local) throws IOException {
        try (FaultyProxy network = FaultyProxy.start(
                server.endpoint(), line -> line.startsWith("DELETE ") ? Fault.FORBIDDEN : Fault.NONE)) {
            S3Store store =
                    S3Store.open(bucket, TestBucket.at(network.endpoint()), new S3Store.Sizes(1 << 20, 5 << 20));
            Path large = Files.write(local.resolve("large"), new byte[6 << 20]);
            assertThat(store.createIfAbsent("data/large", large)).isTrue();
            assertThat(store.createIfAbsent("data/large", large)).isFalse();
            assertThat(store.createIfAbsent("log/0", new byte[] {1})).isTrue();
            assertThat(store.createIfAbsent("log/0", new byte[] {2})).isFalse();
            assertThat(store.read("log/0")).hasValue(new byte[] {1});
            assertThat(store.list(ObjectStore.PROBE_PREFIX)).hasSize(1);
            assertThatThrownBy(() -> store.delete("log/0"))
                    .isInstanceOf(StoreException.Misconfigured.class)
                    .hasMessageContaining("log/0: cannot be deleted: no permission (403 AccessDenied)")
                    .hasMessageContaining("s3:DeleteObject");
            assertThat(store.read("log/0")).isPresent();
        }
    }

    @Test
    void aCacheNeedsPermissionForItsOwnKeysOnly() throws IOException {
        String cache = bucket.keyPrefix() + "cache/";
        try (FaultyProxy network = FaultyProxy.start(
                server.endpoint(),
                line -> line.startsWith("DELETE ") || !line.contains("/" + TestBucket.BUCKET + "/" + cache)
                        ? Fault.FORBIDDEN
                        : Fault.NONE)) {
            S3Settings settings = TestBucket.at(network.endpoint());
            for (int start = 0; start < 2; start++) {
                S3Store store = S3Store.openBelow(bucket, settings, "cache/");
                assertThat(store.createIfAbsent("cache/ab/" + start, new byte[] {1}))
                        .isTrue();
                assertThat(store.read("cache/ab/" + start)).isPresent();
                assertThat(store.read("cache/ab/none")).isEmpty();
            }
            assertThatThrownBy(() -> S3Store.openBelow(bucket, settings, "other/"))
                    .isInstanceOf(StoreException.Misconfigured.class)
                    .hasMessageContaining("no permission (403 AccessDenied)");
        }
        S3Store direct = S3Store.openReadOnly(bucket, TestBucket.at(server.endpoint()));
        assertThat(direct.list("")).as("one object of the check, however often").hasSize(3);
    }
}

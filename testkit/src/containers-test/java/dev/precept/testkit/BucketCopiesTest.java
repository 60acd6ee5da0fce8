package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("registry")
final class BucketCopiesTest {
    @TempDir
    private Path folder;

    @Test
    void everyCallCopiesTheCurrentObjects() throws IOException {
        try (S3Proxy server = S3Proxy.start(folder);
                BucketCopies copies = new BucketCopies(
                        server.endpoint(), S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY, folder.resolve("copies"))) {
            copies.createBucket("bucket");
            copies.createBucket("bucket");
            put(server, "dataset/log/1.json", "one");
            put(server, "dataset-of-others/log/1.json", "another");
            Path before = copies.folder("bucket", "dataset");
            put(server, "dataset/log/2.json", "two");
            Path after = copies.folder("bucket", "dataset");
            assertThat(before.resolve("log/1.json")).hasContent("one");
            assertThat(before.resolve("log/2.json")).doesNotExist();
            assertThat(after.resolve("log/2.json")).hasContent("two");
            assertThat(after.resolveSibling("dataset-of-others")).doesNotExist();
        }
    }

    private static void put(S3Proxy server, String key, String content) throws IOException {
        Path file = server.file("bucket", key);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}

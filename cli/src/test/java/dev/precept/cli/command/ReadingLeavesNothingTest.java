package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.store.LocalStore;
import dev.precept.store.ObjectStore;
import dev.precept.store.location.OpenStores;
import dev.precept.store.location.StoreLocation;
import dev.precept.store.s3.S3Settings;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read create nothing in the dataset, and no command leaves a copy in the temporary folder. */
class ReadingLeavesNothingTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = folder.resolve("dataset");
        DatasetFixture fixture = new DatasetFixture(dataset);
        fixture.samples(0, 20);
        fixture.complete(20);
        CommandResult released = CommandResult.run(
                "release", "--dataset", dataset.toString(), "--as", "v1", "--views", "raw", "--shards", "2");
        assertThat(released.code()).as(released.err()).isZero();
        Files.deleteIfExists(dataset.resolve(ObjectStore.STAGING_PREFIX));
    }

    private List<List<String>> readingCommands(String location) {
        return List.of(
                List.of(
                        "pull",
                        location + "@v1",
                        "--view",
                        "raw",
                        "--to",
                        folder.resolve("to").toString()),
                List.of("read", location + "@latest", "--view", "raw"),
                List.of("read", location, "--follow", "--view", "raw"),
                List.of("show", "--dataset", location, "--rows", "1"),
                List.of("show", "--dataset", location + "@v1", "--rows", "1"),
                List.of("verify", location),
                List.of("audit", location));
    }

    private static List<String> entries(Path below) throws IOException {
        try (Stream<Path> entries = Files.walk(below)) {
            return entries.map(entry -> {
                        try {
                            return entry + " " + Files.getLastModifiedTime(entry);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aReadOnlyFolderIsReadAndNotTouched() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.walk(dataset)) {
            folders = all.filter(Files::isDirectory).toList();
        }
        folders.forEach(each -> each.toFile().setWritable(false)); // without effect for root
        try {
            List<String> before = entries(dataset);
            for (List<String> command : readingCommands(dataset.toString())) {
                CommandResult result = CommandResult.run(command.toArray(String[]::new));
                assertThat(result.code())
                        .as(command + result.err() + result.out())
                        .isEqualTo(command.getFirst().equals("verify") ? verified(result) : 0);
            }
            assertThat(entries(dataset)).isEqualTo(before);
        } finally {
            folders.forEach(each -> each.toFile().setWritable(true));
        }
    }

    /** The fixture has no specification, which verify reports. */
    private static int verified(CommandResult result) {
        assertThat(result.err() + result.out()).doesNotContain("read-only", "cannot be");
        return result.code();
    }

    @Test
    @Tag("large")
    void nothingRemainsInTheTemporaryFolder() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        try (S3Proxy server = S3Proxy.start(Files.createDirectories(folder.resolve("s3")), "precept")) {
            Map<String, String> properties = Map.of(
                    "aws.accessKeyId",
                    S3Proxy.ACCESS_KEY,
                    "aws.secretAccessKey",
                    S3Proxy.SECRET_KEY,
                    "aws.region",
                    "us-east-1",
                    "aws.endpointUrlS3",
                    server.endpoint().toString(),
                    "java.io.tmpdir",
                    temporary.toString());
            Map<String, String> earlier = new HashMap<>();
            properties.forEach((key, value) -> earlier.put(key, System.setProperty(key, value)));
            try {
                copy(server.endpoint());
                for (List<String> command : readingCommands("s3://precept/d")) {
                    CommandResult result = CommandResult.run(command.toArray(String[]::new));
                    assertThat(result.code())
                            .as(command + result.err() + result.out())
                            .isIn(0, 3);
                }
                OpenStores.closeAll();
                assertThat(temporary).isEmptyDirectory();
                assertThat(folder.resolve("to/raw/train/train-00001-of-00002.parquet"))
                        .hasSameBinaryContentAs(dataset.resolve("releases/v1/raw/train/train-00001-of-00002.parquet"));
                releaseInAProcess(server, temporary);
            } finally {
                earlier.forEach((key, value) -> {
                    if (value == null) {
                        System.clearProperty(key);
                    } else {
                        System.setProperty(key, value);
                    }
                });
            }
        }
    }

    private void copy(URI endpoint) throws IOException {
        StoreLocation location = StoreLocation.of(
                "s3://precept/d", new S3Settings(endpoint, null, true, new S3Settings.Encryption.BucketDefault()));
        ObjectStore from = LocalStore.openReadOnly(dataset);
        ObjectStore to = location.open();
        for (String key : from.list("")) {
            to.createIfAbsent(key, from.fetch(key));
        }
    }

    /** The process ends as the command does. */
    private void releaseInAProcess(S3Proxy server, Path temporary) throws IOException {
        Map<String, String> environment = new HashMap<>(server.environment());
        environment.put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary + " -XX:TieredStopAtLevel=1");
        Path output = folder.resolve("output");
        Jvm.Launch launch = new Jvm.Launch(
                Precept.class,
                "release",
                "--dataset",
                "s3://precept/d",
                "--as",
                "v2",
                "--views",
                "raw",
                "--shards",
                "1");
        try (Jvm release = Jvm.start(launch.withEnvironment(environment).in(folder), output)) {
            assertThat(release.awaitExit(Duration.ofMinutes(2)))
                    .as(Files.readString(output))
                    .isZero();
        }
        assertThat(temporary).isEmptyDirectory();
    }
}

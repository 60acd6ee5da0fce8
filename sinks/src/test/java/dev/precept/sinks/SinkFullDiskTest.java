package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Tag("ci")
class SinkFullDiskTest {
    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aFullDiskWhileSpoolingIsAnOutage() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("rows/spool"), "1m");
                SinkFixture sink = on(disk, "rows")) {
            disk.fill();
            sink.app().start();
            sink.stream().publish(200);
            assertThat(sink.awaitNotReady())
                    .contains("spool folder " + disk.root())
                    .contains("no space left on device");
            assertThat(left(disk)).isEmpty();

            disk.clear();
            awaitComplete(sink);
            assertThat(left(disk)).isEmpty();
        }
    }

    @Test
    void aFullDiskWhileWritingTheDataFileIsAnOutage() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("file/spool"), "1m");
                SinkFixture sink = on(disk, "file")) {
            sink.app().start();
            sink.stream().publish(200);
            // Rows in the buffer of the spool file need no page on disk.
            Awaitility.await().atMost(SinkFixture.PATIENCE).until(() -> size(disk) > 200 * 800);
            disk.fill();
            sink.stream().end();
            assertThat(sink.awaitNotReady()).contains("no space left on device");

            disk.clear();
            SampleStream.awaitEnd(sink.dataset());
            requireComplete(sink);
            assertThat(left(disk)).isEmpty();
        }
    }

    @Test
    void aFullDatasetIsAnOutage() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("store/dataset"), "1m");
                SinkFixture sink = new SinkFixture(
                        broker.address(),
                        folder.resolve("store"),
                        "store",
                        SinkFixture.LATE,
                        disk.root().resolve("dataset"),
                        folder.resolve("store/spool"))) {
            disk.fill();
            sink.app().start();
            sink.stream().publish(200);
            sink.stream().end();
            assertThat(sink.awaitNotReady())
                    .contains("dataset " + sink.dataset())
                    .contains("no space left on device");

            disk.clear();
            SampleStream.awaitEnd(sink.dataset());
            requireComplete(sink);
        }
    }

    @Test
    void recordsDeletedDuringAnOutageStopTheSink() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("gone/spool"), "1m");
                SinkFixture sink = on(disk, "gone")) {
            disk.fill();
            sink.app().start();
            sink.stream().publish(200);
            assertThat(sink.awaitNotReady()).contains("no space left on device");
            try (Admin admin = sink.kafka().admin()) {
                TopicPartition samples =
                        new TopicPartition(sink.kafka().namespace().name(Topics.SAMPLES), 0);
                admin.deleteRecords(Map.of(samples, RecordsToDelete.beforeOffset(100)))
                        .all()
                        .get();
                disk.clear();
                assertThat(sink.awaitFailure())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining(samples + "=0")
                        .hasMessageContaining(sink.dataset().toString())
                        .hasMessageContaining("start a new dataset");
            }
        }
    }

    private static SinkFixture on(SmallDisk disk, String name) throws Exception {
        return new SinkFixture(
                broker.address(),
                folder.resolve(name),
                name,
                SinkFixture.LATE,
                folder.resolve(name).resolve("dataset"),
                disk.root());
    }

    private static void awaitComplete(SinkFixture sink) throws Exception {
        sink.stream().end();
        SampleStream.awaitEnd(sink.dataset());
        requireComplete(sink);
    }

    private static void requireComplete(SinkFixture sink) {
        Oracle oracle = new Oracle(sink.dataset());
        assertThat(oracle.problems()).isEmpty();
        assertThat(oracle.committedSamples())
                .containsExactlyInAnyOrderElementsOf(sink.stream().expected());
        Awaitility.await("the sink to resume")
                .atMost(SinkFixture.PATIENCE)
                .until(() -> sink.app().readinessProblem().isEmpty());
    }

    private static List<Path> left(SmallDisk disk) throws IOException {
        try (Stream<Path> all = Files.walk(disk.root())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("ballast"))
                    .toList();
        }
    }

    private static long size(SmallDisk disk) throws IOException {
        return left(disk).stream().mapToLong(file -> file.toFile().length()).sum();
    }
}

package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.Substrate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sink that crashes at any step of a commit and restarts loses and duplicates nothing. */
@Tag("cluster")
class SinkCrashRecoveryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private static Substrate substrate;

    @BeforeAll
    static void start() {
        substrate = Substrate.open(folder);
    }

    @AfterAll
    static void stop() {
        if (substrate != null) {
            substrate.close();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUPERSEDED")
    void aKillAfterAStepLosesAndDuplicatesNothing(CrashPoint.Step step) throws Exception {
        Path shared = Files.createDirectory(folder.resolve(step.name()));
        Path dataset = shared.resolve("dataset");
        SinkProcess.SinkEnvironment sinkEnvironment =
                SinkProcess.SinkEnvironment.on(substrate, shared, "crash-" + step, dataset.toString());
        try (SampleStream stream = new SampleStream(sinkEnvironment.kafka())) {
            try (Jvm first = start(sinkEnvironment, "HALT", step, Map.of())) {
                stream.publishUntil("the sink to halt at " + step, () -> !first.isAlive());
                assertThat(first.awaitExit(PATIENCE)).as(first.output()).isEqualTo(SinkProcess.HALTED);
            }
            stream.publish(30);
            stream.end();
            try (Jvm _ = start(sinkEnvironment, "NONE", step, Map.of())) {
                SampleStream.awaitEnd(dataset);
            }
            requireComplete(dataset, stream);
        }
    }

    @Test
    void aKillWhileTheReplyToACommitIsLostLosesAndDuplicatesNothing() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("reply"));
        AtomicInteger commits = new AtomicInteger();
        Substrate.Store s3 = substrate.store("reply");
        try (FaultyProxy network =
                FaultyProxy.start(s3.endpoint(), line -> commit(line) ? lost(commits) : after(commits))) {
            SinkProcess.SinkEnvironment sinkEnvironment =
                    SinkProcess.SinkEnvironment.on(substrate, shared, "reply", "s3://reply/dataset");
            try (SampleStream stream = new SampleStream(sinkEnvironment.kafka())) {
                Map<String, String> through = new HashMap<>(s3.environment());
                through.put("AWS_ENDPOINT_URL_S3", network.endpoint().toString());
                try (Jvm first = start(sinkEnvironment, "NONE", CrashPoint.Step.WRITTEN, through)) {
                    stream.publishUntil("the reply to a commit to be lost", () -> network.lostReplies() > 0);
                    first.kill();
                    assertThat(first.output()).contains("passed UPLOADED").contains("passed COMMITTED");
                }
                int committed =
                        SampleStream.commits(s3.folder("reply", "dataset")).size();
                stream.publish(30);
                stream.end();
                try (Jvm second = start(sinkEnvironment, "NONE", CrashPoint.Step.WRITTEN, s3.environment())) {
                    SampleStream.awaitEnd(() -> s3.folder("reply", "dataset"));
                    assertThat(second.output()).doesNotContain("passed SUPERSEDED");
                }
                assertThat(committed).isEqualTo(3);
                requireComplete(s3.folder("reply", "dataset"), stream);
            }
        }
    }

    private static boolean commit(String line) {
        return line.startsWith("PUT ") && line.contains("/log/samples-");
    }

    /** The third commit is executed and its reply lost; later requests get no reply. */
    private static FaultyProxy.Fault lost(AtomicInteger commits) {
        return switch (commits.incrementAndGet()) {
            case 1, 2 -> FaultyProxy.Fault.NONE;
            case 3 -> FaultyProxy.Fault.REPLY_LOST;
            default -> FaultyProxy.Fault.REJECTED;
        };
    }

    private static FaultyProxy.Fault after(AtomicInteger commits) {
        return commits.get() < 3 ? FaultyProxy.Fault.NONE : FaultyProxy.Fault.REJECTED;
    }

    @Test
    void theSinkWaitsForAStoreThatIsDown() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("down"));
        AtomicInteger down = new AtomicInteger();
        Substrate.Store s3 = substrate.store("down");
        try (FaultyProxy network = FaultyProxy.start(
                s3.endpoint(), _ -> down.get() > 0 ? FaultyProxy.Fault.REJECTED : FaultyProxy.Fault.NONE)) {
            SinkProcess.SinkEnvironment sinkEnvironment =
                    SinkProcess.SinkEnvironment.on(substrate, shared, "down", "s3://down/dataset");
            Map<String, String> through = new HashMap<>(s3.environment());
            through.put("AWS_ENDPOINT_URL_S3", network.endpoint().toString());
            try (SampleStream stream = new SampleStream(sinkEnvironment.kafka());
                    Jvm sink = start(sinkEnvironment, "NONE", CrashPoint.Step.WRITTEN, through)) {
                stream.publishUntil(
                        "a commit",
                        () -> !SampleStream.commits(s3.folder("down", "dataset"))
                                .isEmpty());
                down.set(1);
                stream.publish(50);
                sink.awaitOutput("waiting: dataset s3://down/dataset", PATIENCE);
                assertThat(sink.output()).contains("503");
                stream.publish(50);
                down.set(0);
                sink.awaitOutput("resumed", PATIENCE);
                stream.end();
                SampleStream.awaitEnd(() -> s3.folder("down", "dataset"));
                requireComplete(s3.folder("down", "dataset"), stream);
            }
        }
    }

    private static Jvm start(
            SinkProcess.SinkEnvironment sinkEnvironment,
            String order,
            CrashPoint.Step step,
            Map<String, String> environment) {
        Jvm child = Jvm.start(
                new Jvm.Launch(SinkProcess.class, sinkEnvironment.arguments(1, order, step.name(), 2))
                        .withEnvironment(environment),
                sinkEnvironment.folder().resolve("sink-" + System.nanoTime() + ".out"));
        Awaitility.await().atMost(PATIENCE).until(() -> child.output().contains("started") || !child.isAlive());
        return child;
    }

    private static void requireComplete(Path dataset, SampleStream stream) {
        Oracle oracle = new Oracle(dataset);
        assertThat(oracle.problems()).isEmpty();
        assertThat(oracle.committedSamples()).containsExactlyInAnyOrderElementsOf(stream.expected());
    }
}

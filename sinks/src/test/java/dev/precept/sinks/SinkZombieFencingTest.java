package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.Seed;
import dev.precept.testkit.Substrate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two sinks on one partition. The owner is stopped by SIGSTOP during a commit, the other sink takes over, then the first
 * continues. {@code -Dprecept.seeds=20} runs more rounds.
 */
@Tag("cluster")
@Tag("ci")
class SinkZombieFencingTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final CrashPoint.Step[] STEPS = {
        CrashPoint.Step.WRITTEN, CrashPoint.Step.UPLOADED, CrashPoint.Step.COMMITTED, CrashPoint.Step.OFFSETS_COMMITTED
    };

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

    static Stream<Long> seeds() {
        long first = Seed.choose(SinkZombieFencingTest.class);
        String rounds = System.getProperty("precept.seeds", "");
        return LongStream.range(0, rounds.matches("\\d+") ? Long.parseLong(rounds) : STEPS.length)
                .mapToObj(n -> first + n);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noRowIsLostOrDuplicatedWhenAStoppedSinkContinues(long seed) throws Exception {
        RandomGenerator random = Seed.random(seed);
        // The rounds cycle through the steps, so that a few rounds cover all of them.
        CrashPoint.Step step = STEPS[Math.floorMod(seed, STEPS.length)];
        int time = 1 + random.nextInt(4);
        Path shared = Files.createDirectory(folder.resolve("seed" + seed));
        Path dataset = shared.resolve("dataset");
        SinkProcess.SinkEnvironment sinkEnvironment =
                SinkProcess.SinkEnvironment.on(substrate, shared, "zombie" + seed, dataset.toString());
        try (SampleStream stream = new SampleStream(sinkEnvironment.kafka());
                Jvm one = start(sinkEnvironment, 1, step, time);
                Jvm two = start(sinkEnvironment, 2, step, time)) {
            one.awaitOutput("started", PATIENCE);
            two.awaitOutput("started", PATIENCE);
            stream.publishUntil("a sink to stop at " + step, () -> stopped(one) || stopped(two));
            Jvm zombie = stopped(one) ? one : two;
            int before = SampleStream.commits(dataset).size();
            stream.publishUntil(
                    "the other sink to take over",
                    () -> SampleStream.commits(dataset).size() >= before + 1 + random.nextInt(3));
            signal("CONT", zombie);
            stream.publish(10 + random.nextInt(50));
            zombie.awaitOutput("continued", PATIENCE);
            stream.publish(10 + random.nextInt(50));
            stream.end();
            SampleStream.awaitEnd(dataset);
            if (step == CrashPoint.Step.WRITTEN || step == CrashPoint.Step.UPLOADED) {
                zombie.awaitOutput("passed SUPERSEDED", PATIENCE);
            }
            Oracle oracle = new Oracle(dataset);
            assertThat(oracle.problems()).isEmpty();
            assertThat(oracle.committedSamples()).containsExactlyInAnyOrderElementsOf(stream.expected());
            assertThat(one.isAlive() && two.isAlive())
                    .as(one.output() + two.output())
                    .isTrue();
            System.out.println("seed " + seed + ": stopped at " + step + " for the " + time + ". time, "
                    + SampleStream.commits(dataset).size() + " commits, " + stream.published() + " rows");
        }
    }

    private static Jvm start(SinkProcess.SinkEnvironment sinkEnvironment, int ordinal, CrashPoint.Step step, int time) {
        return Jvm.start(
                new Jvm.Launch(SinkProcess.class, sinkEnvironment.arguments(ordinal, "STOP", step.name(), time)),
                sinkEnvironment.folder().resolve("sink-" + ordinal + ".out"));
    }

    private static boolean stopped(Jvm child) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc", String.valueOf(child.pid()), "status"));
        return status.stream().anyMatch(line -> line.startsWith("State:") && line.contains("T (stopped)"));
    }

    private static void signal(String name, Jvm child) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(child.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
        Awaitility.await().atMost(PATIENCE).until(() -> !stopped(child));
    }
}

package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run against a slow, faulty model that is killed and restarted writes exactly the rows of an undisturbed run, repairs
 * included.
 */
@Tag("nemesis")
class KilledRunDatasetTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", "."));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLS = 5;
    private static final FaultInjection FAULTS = FaultInjection.none()
            .withLatency(Duration.ofMillis(300), Duration.ofMillis(500))
            .with(FaultInjection.Kind.RATE_LIMITED, 0.05)
            .with(FaultInjection.Kind.SERVER_ERROR, 0.03)
            .with(FaultInjection.Kind.RESET, 0.01)
            .with(FaultInjection.Kind.BAD_JSON, 0.02);

    /** State that is lost with the process. */
    enum Loss {
        NOTHING,
        STATE_OF_STREAMS,
        OFFSETS_OF_THE_SINK,
        KAFKA,
        /** The same command takes the open run over. */
        WORK_FOLDER
    }

    /** A sample without its run id. */
    private record AcceptedSlot(String promptId, int slot, String reasoning, String answer) {}

    /** A slot that ended without a sample. */
    private record FailedSlot(String promptId, int slot, String reason) {}

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static MockModelServer model;

    @BeforeAll
    static void calmRun() throws IOException {
        model = MockModelServer.start(0, FAULTS);
        try (Jvm run = start("calm")) {
            assertThat(run.awaitExit(Duration.ofMinutes(5))).as(run.output()).isZero();
        }
        assertThat(samples("calm")).hasSizeGreaterThan(90);
    }

    @AfterAll
    static void stop() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource
    void theRowsAreThoseOfAnUndisturbedRun(Loss loss) throws Exception {
        String name = loss.name();
        RandomGenerator random = Seed.random(Seed.choose(KilledRunDatasetTest.class) + name.length());
        long accepted = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            try (Jvm run = start(name)) {
                long enough = accepted + random.nextInt(2, 16);
                JsonNode progress = awaitAccepted(run, name, enough);
                run.kill();
                accepted = progress.path("accepted").asLong();
                System.out.println(loss + ", kill " + kill + ": accepted " + accepted + ", in flight "
                        + progress.path("in_flight_by_state"));
            }
            lose(loss, name);
        }
        try (Jvm run = start(name)) {
            assertThat(run.awaitExit(Duration.ofMinutes(5))).as(run.output()).isZero();
        }
        assertThat(new Oracle(dataset(name)).problems()).isEmpty();
        assertThat(samples(name)).containsExactlyInAnyOrderElementsOf(samples("calm"));
        assertThat(rejections(name)).containsExactlyInAnyOrderElementsOf(rejections("calm"));
    }

    private static Jvm start(String name) throws IOException {
        return start("run", name);
    }

    private static Jvm start(String command, String name) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        return Jvm.start(
                new Jvm.Launch(
                                Precept.class,
                                command,
                                ROOT.resolve("starter/recipe.yaml")
                                        .toAbsolutePath()
                                        .toString(),
                                "--model-url",
                                model.url(),
                                "--concurrency",
                                "8",
                                "--set",
                                "generator.repair=true")
                        .in(home)
                        .withHeap("768m"),
                Files.createTempFile(home, "output-", ".txt"));
    }

    private static JsonNode awaitAccepted(Jvm run, String name, long enough) {
        run.awaitOutput("specification", Duration.ofMinutes(1)); // printed after it has locked the work folder
        JsonNode[] last = new JsonNode[1];
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(run.isAlive()).as(run.output()).isTrue();
                    CommandResult commandResult = CommandResult.run(
                            "status",
                            "--work",
                            folder.resolve(name).resolve("work").toString(),
                            "--json");
                    if (commandResult.code() != 0) {
                        return false; // not started yet
                    }
                    last[0] = JSON.readTree(commandResult.out());
                    return last[0].path("accepted").asLong() >= enough
                            && last[0].path("in_flight").asLong() > 0;
                });
        return last[0];
    }

    private static void lose(Loss loss, String name) throws IOException, InterruptedException, ExecutionException {
        Path work = folder.resolve(name).resolve("work");
        switch (loss) {
            case NOTHING -> {}
            case STATE_OF_STREAMS -> delete(work.resolve("streams"));
            case OFFSETS_OF_THE_SINK -> forgetOffsets(new WorkFolder(work));
            case WORK_FOLDER -> delete(work);
            case KAFKA -> {
                delete(work.resolve("kafka"));
                try (Jvm recovery = start("recover", name)) {
                    assertThat(recovery.awaitExit(Duration.ofMinutes(1)))
                            .as(recovery.output())
                            .isZero();
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Waits until the broker has removed the killed members. */
    private static void forgetOffsets(WorkFolder work) throws InterruptedException, ExecutionException {
        String group = RunFile.read(work)
                .orElseThrow()
                .access(work, "", Map.of())
                .namespace()
                .group("sink");
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("kafka"), 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() ->
                            admin.deleteConsumerGroups(List.of(group)).all().get() == null);
            assertThat(admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isEmpty();
        }
    }

    private static Path dataset(String name) {
        return folder.resolve(name).resolve("dataset");
    }

    private static List<AcceptedSlot> samples(String name) {
        return new Oracle(dataset(name))
                .committedSamples().stream()
                        .map(keptSample -> new AcceptedSlot(
                                keptSample.promptId(), keptSample.slot(), keptSample.reasoning(), keptSample.answer()))
                        .toList();
    }

    private static List<FailedSlot> rejections(String name) {
        return new Oracle(dataset(name))
                .committedRejections().stream()
                        .map(rejection -> new FailedSlot(rejection.promptId(), rejection.slot(), rejection.reason()))
                        .toList();
    }
}

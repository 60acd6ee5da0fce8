package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.Seed;
import dev.precept.testkit.Substrate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run writes to a bucket despite throttling and lost responses. */
@Tag("cluster")
class BucketRunTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final String BUCKET = "precept-test";
    private static final String LOCATION = "s3://" + BUCKET + "/team/helpful";
    private static final String ENDPOINT = "aws.endpointUrlS3";
    /** As in the starter recipe. */
    private static final String VIEWS = "sft,sft-think,raw";

    private static final int PROMPTS = 24;
    private static final double FAULTY = 0.05;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Substrate substrate;

    @SuppressWarnings("NullAway.Init")
    private Substrate.Store server;

    /** A sample without its run id. */
    private record AcceptedSlot(String promptId, int slot, String reasoning, String answer) {}

    @BeforeEach
    void start() throws IOException {
        substrate = Substrate.open(folder.resolve("substrate"));
        server = substrate.store(BUCKET);
        System.setProperty("aws.accessKeyId", server.environment().get("AWS_ACCESS_KEY_ID"));
        System.setProperty("aws.secretAccessKey", server.environment().get("AWS_SECRET_ACCESS_KEY"));
        List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
        Files.write(folder.resolve("some.jsonl"), starter.subList(0, PROMPTS));
    }

    @AfterEach
    void stop() {
        for (String property : List.of("aws.accessKeyId", "aws.secretAccessKey", ENDPOINT)) {
            System.clearProperty(property);
        }
        if (substrate != null) { // null if the substrate is not available
            substrate.close();
        }
    }

    @Test
    void theSamplesAreThoseOfALocalRun() throws IOException {
        long seed = Seed.choose(BucketRunTest.class);
        try (FaultyProxy network = FaultyProxy.start(server.endpoint(), Seed.random(seed), FAULTY)) {
            System.setProperty(ENDPOINT, network.endpoint().toString());
            CommandResult commandResult = run("bucket", LOCATION);
            assertThat(commandResult.code())
                    .as(commandResult.out() + commandResult.err())
                    .isZero();
            assertThat(commandResult.out()).contains("released " + LOCATION + "/releases/v1");
            System.out.println("turned away " + network.rejectedRequests() + ", replies lost " + network.lostReplies());
        }
        System.setProperty(ENDPOINT, server.endpoint().toString());
        CommandResult again = CommandResult.run("release", "--dataset", LOCATION, "--as", "again", "--views", VIEWS);
        assertThat(again.code()).as(again.out() + again.err()).isZero();
        CommandResult seen = CommandResult.run("show", "--dataset", LOCATION + "@v1", "--rows", "2");
        assertThat(seen.out()).as(seen.err()).contains("2 shown");

        Path objects = server.folder(BUCKET, "team/helpful");
        assertThat(new Oracle(objects).problems()).isEmpty();
        assertThat(shards(objects, "again")).isEqualTo(shards(objects, "v1")).isNotEmpty();

        CommandResult local = run("local", folder.resolve("dataset").toString());
        assertThat(local.code()).as(local.out() + local.err()).isZero();
        assertThat(samples(objects)).containsExactlyInAnyOrderElementsOf(samples(folder.resolve("dataset")));
    }

    @Test
    void withoutPermissionToDeleteOnlyPurgeAndGcFail() throws IOException {
        try (FaultyProxy network = FaultyProxy.start(
                server.endpoint(),
                line -> line.startsWith("DELETE ") ? FaultyProxy.Fault.FORBIDDEN : FaultyProxy.Fault.NONE)) {
            System.setProperty(ENDPOINT, network.endpoint().toString());
            succeeds(run("bucket", LOCATION));
            succeeds(CommandResult.run("release", "--dataset", LOCATION, "--as", "again", "--views", VIEWS));
            succeeds(CommandResult.run("verify", LOCATION));
            succeeds(CommandResult.run(
                    "pull",
                    LOCATION + "@v1",
                    "--view",
                    "sft",
                    "--to",
                    folder.resolve("sft").toString()));
            CommandResult rows = CommandResult.run("read", LOCATION + "@v1", "--view", "sft");
            succeeds(rows);
            String id = rows.out().replaceFirst("(?s).*?\"sample_id\":\"([^\"]+)\".*", "$1");
            succeeds(CommandResult.run("show", "--dataset", LOCATION + "@v1", "--rows", "2"));
            succeeds(CommandResult.run("ref", LOCATION, "prod", "v1"));
            succeeds(CommandResult.run("audit", LOCATION));
            succeeds(CommandResult.run("withdraw", LOCATION + "@v1", "--as", "v1b", "--sample", id, "--why", "tried"));
            needsDelete(CommandResult.run("gc", LOCATION));
            needsDelete(CommandResult.run("purge", LOCATION, "--sample", id, "--why", "tried"));
            succeeds(CommandResult.run("verify", LOCATION));
        }
    }

    private static void succeeds(CommandResult result) {
        assertThat(result.code()).as(result.out() + result.err()).isZero();
    }

    private static void needsDelete(CommandResult result) {
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.err()).contains("no permission (403 AccessDenied)", "s3:DeleteObject");
        assertThat(result.err().strip().lines()).hasSize(1);
    }

    @Test
    void aMissingBucketIsReported() {
        System.setProperty(ENDPOINT, server.endpoint().toString());
        CommandResult commandResult = run("work", "s3://no-such-bucket/d");
        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err().lines())
                .containsExactly(
                        "dataset s3://no-such-bucket/d: cannot be opened: there is no bucket 'no-such-bucket' at "
                                + server.endpoint() + "; create it, or name another");
        assertThat(run("work", "s3:/slip").err()).contains("give it as s3://bucket/prefix");
    }

    private CommandResult run(String work, String dataset) {
        return CommandResult.run(
                "run",
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--work",
                folder.resolve(work).toString(),
                "--dataset",
                dataset);
    }

    private static List<AcceptedSlot> samples(Path dataset) {
        return new Oracle(dataset)
                .committedSamples().stream()
                        .map(keptSample -> new AcceptedSlot(
                                keptSample.promptId(), keptSample.slot(), keptSample.reasoning(), keptSample.answer()))
                        .toList();
    }

    private static Map<String, String> shards(Path dataset, String version) throws IOException {
        Path release = dataset.resolve("releases").resolve(version);
        Map<String, String> shards = new HashMap<>();
        try (Stream<Path> files = Files.walk(release)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                shards.put(release.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return shards;
    }
}

package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.cli.run.CommandAudit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Versions, refs, withdrawals and purges of one run on the command line. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class VersionDerivationTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", "."));
    private static final int PROMPTS = 24;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private static String dataset = "";

    @BeforeAll
    static void runOnce() throws IOException {
        List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
        Files.write(folder.resolve("some.jsonl"), starter.subList(0, PROMPTS));
        dataset = folder.resolve("dataset").toString();
        CommandResult commandResult = CommandResult.run(
                "run",
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--work",
                folder.resolve("work").toString(),
                "--dataset",
                dataset);
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
    }

    @Test
    @Order(1)
    void aRefMovesOnlyFromTheExpectedVersion() {
        assertThat(done("ref", dataset, "latest").out()).startsWith("latest is v1");
        assertThat(done("ref", dataset, "prod", "v1").out()).isEqualTo("prod is v1\n");
        refused(CommandResult.run("ref", dataset, "prod", "v1", "--expect", "v0"), "ref prod points to v1, not to v0");
        refused(CommandResult.run("ref", dataset, "prod", "v7"), "no version 'v7'; it has v1");
        refused(CommandResult.run("ref", dataset, "v1", "v1"), "ref v1: is the name of a version");
        refused(CommandResult.run("ref", dataset, "stable"), "no ref 'stable'; it has latest, prod");
        refused(CommandResult.run("ref", dataset, "../x", "v1"), "ref '../x' is not allowed");
        refused(CommandResult.run("release", "--dataset", dataset, "--as", "prod"), "'prod' is the name of a ref");
    }

    @Test
    @Order(2)
    void aHigherThresholdMakesASmallerVersionWithoutACall() throws IOException {
        CommandResult commandResult =
                done("release", "--dataset", dataset, "--from", "v1", "--threshold", "9", "--as", "v2");
        assertThat(commandResult.out())
                .startsWith("temporary files: at most ")
                .contains("\nreleased " + dataset + "/releases/v2/ (");
        assertThat(manifest("v2").path("rows").asLong())
                .isEqualTo(manifest("v1").path("rows").asLong()
                        - manifest("v2")
                                .path("removed")
                                .path("below_threshold")
                                .path("count")
                                .asLong());
        assertThat(manifest("v2").path("recipe").path("views"))
                .isEqualTo(manifest("v1").path("recipe").path("views"));
        assertThat(done("ref", dataset, "latest").out()).startsWith("latest is v2");
        assertThat(done("verify", dataset).out()).contains("verified ").contains(" 0 problems");
    }

    @Test
    @Order(3)
    void aRefusedReleaseIsOneLineAndLeavesNoFile() {
        refused(
                CommandResult.run("release", "--dataset", dataset, "--from", "v7", "--as", "v3"),
                "no version or ref 'v7'");
        refused(
                CommandResult.run("release", "--dataset", dataset, "--from", "v1", "--threshold", "11", "--as", "v3"),
                "release.threshold",
                "11",
                "0 to 10");
        refused(
                CommandResult.run("release", "--dataset", dataset, "--as", "v3", "--world-size", "4", "--shards", "6"),
                "release.shards",
                "6",
                "a multiple of world_size, which is 4");
        refused(CommandResult.run("release", "--dataset", dataset, "--from", "v1", "--as", "v2"), "release v2 exists");
        assertThat(folder.resolve("dataset/releases/v3")).doesNotExist();
    }

    @Test
    @Order(4)
    void aWithdrawalWithoutMatchesIsRefused() {
        String v1 = dataset + "@v1";
        refused(
                CommandResult.run("withdraw", v1, "--as", "v3", "--why", "x", "--source", "none"),
                "nothing was withdrawn");
        refused(CommandResult.run("withdraw", v1, "--as", "v3", "--why", " ", "--source", "none"), "--why");
        refused(CommandResult.run("withdraw", v1, "--as", "v3", "--why", "x"), "--source");
        refused(CommandResult.run("withdraw", dataset, "--as", "v3", "--why", "x", "--source", "s"), "DATASET@VERSION");
        refused(CommandResult.run("withdraw", dataset + "@v9", "--as", "v3", "--why", "x", "--source", "s"), "'v9'");
        assertThat(folder.resolve("dataset/withdrawals")).doesNotExist();
        assertThat(folder.resolve("dataset/releases/v3")).doesNotExist();
    }

    @Test
    @Order(5)
    void aWithdrawnSampleIsInNoLaterVersion() throws IOException {
        String id = sampleOf("v1");
        done("withdraw", dataset + "@v1", "--as", "v3", "--why", "its author asked", "--sample", id);
        done("release", "--dataset", dataset, "--as", "v4", "--shards", "8");
        for (String version : List.of("v3", "v4")) {
            JsonNode withdrawn =
                    manifest(version).path("removed").path("withdrawn").path(0);
            assertThat(withdrawn.path("why").asText()).isEqualTo("its author asked");
            assertThat(withdrawn.path("samples").asLong()).isPositive();
            assertThat(manifest(version).path("rows").asLong())
                    .isLessThan(manifest("v1").path("rows").asLong());
        }
        assertThat(done("verify", dataset).out()).contains("verified ").contains(" 0 problems");
    }

    @Test
    @Order(6)
    void aPurgedSampleIsInNoVersion() throws IOException {
        String id = sampleOf("v4");
        refused(CommandResult.run("purge", dataset, "--why", "x", "--sample", "f".repeat(64)), "nothing was purged");
        assertThat(done("purge", dataset, "--why", "its author asked", "--sample", id)
                        .out())
                .contains("version v1 deleted; v1.p1 replaces it", "the Kafka topics");
        refused(
                CommandResult.run(
                        "pull",
                        dataset + "@v1",
                        "--to",
                        folder.resolve("pulled").toString()),
                "version v1 was purged because: its author asked; use v1.p1");
        assertThat(done("ref", dataset, "prod").out()).startsWith("prod is v1.p1");
        assertThat(done("verify", dataset).out()).contains("verified ").contains(" 0 problems");
    }

    @Test
    @Order(7)
    void theActorIsAudited() {
        assertThat(done("audit", dataset).out().lines().map(line -> line.split("  ")[2]))
                .as("refused withdrawals and purges are recorded too")
                .containsExactly("release", "ref", "release", "withdraw", "withdraw", "release", "purge", "purge");
        assertThat(done("audit", dataset).out())
                .contains("  release  run=", "  release  from=v1 version=v2", "  ref  from=nowhere ref=prod to=v1")
                .contains("  withdraw  from=v1 version=v3 which=", "why=its author asked");
        assertThat(CommandAudit.principal(Map.of("PRECEPT_ACTOR", "ci/nightly")).actor())
                .isEqualTo("ci/nightly");
    }

    private static String sampleOf(String version) {
        String line = done("show", "--dataset", dataset + "@" + version, "--rows", "1")
                .out()
                .lines()
                .filter(each -> each.startsWith("  sample "))
                .findFirst()
                .orElseThrow();
        return line.substring("  sample ".length());
    }

    private static JsonNode manifest(String version) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("dataset/releases/" + version + "/manifest.json")
                        .toFile());
    }

    private static CommandResult done(String... args) {
        CommandResult commandResult = CommandResult.run(args);
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        return commandResult;
    }

    private static void refused(CommandResult commandResult, String... parts) {
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isEqualTo(2);
        assertThat(commandResult.err()).contains(parts).doesNotContain("Exception", "\tat ");
    }
}

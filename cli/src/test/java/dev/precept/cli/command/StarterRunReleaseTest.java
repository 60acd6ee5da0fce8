package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.evidence.RunEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The starter recipe runs to a release that other tools can read, from topics that a plain consumer can read. */
class StarterRunReleaseTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", "."));
    private static final String EDITED = "illicit-protect";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static ObservedRun run;

    @BeforeAll
    static void run() throws InterruptedException, ExecutionException {
        System.setProperty("precept.home", ROOT.toAbsolutePath().normalize().toString());
        run = ObservedRun.ofTheStarter(folder);
    }

    private static Path at(String name) {
        return folder.resolve(name);
    }

    @Test
    void itExitsWithZeroAndPrintsTheNextSteps() {
        assertThat(run.result().code())
                .as(run.result().out() + run.result().err())
                .isZero();
        assertThat(run.result().out()).contains("released", "dataset/releases/v1", "mock model");
    }

    @Test
    void atLeastNinetyAreAcceptedAndThreeKindsRejected() {
        JsonNode progress = run.status();
        assertThat(progress.path("accepted").asInt()).isGreaterThanOrEqualTo(90);
        assertThat(progress.path("rejected").size()).isGreaterThanOrEqualTo(3);
        assertThat(progress.path("in_flight").asInt()).isZero();
        assertThat(progress.path("input_complete").asBoolean()).isTrue();
        assertThat(progress.path("calls").path("judge").asInt()).isPositive();
        long rejected = 0;
        for (JsonNode count : progress.path("rejected")) {
            rejected += count.asLong();
        }
        assertThat(progress.path("accepted").asLong()
                        + rejected
                        + progress.path("invalid").asLong())
                .isEqualTo(progress.path("slots").asLong());
    }

    /** The workers ended before the sink: their last reports are in it. */
    @Test
    void theDatasetHasWhatTheRunSpent() throws IOException {
        Dataset dataset = Dataset.openExisting(at("dataset"));
        RunEvidence evidence =
                RunEvidence.read(dataset, dataset.runs().getFirst().runId()).orElseThrow();
        assertThat(evidence.unsettled()).isZero();
        assertThat(evidence.canaries()).isEmpty();
        assertThat(evidence.roles())
                .containsOnlyKeys("generator", "judge")
                .allSatisfy((role, spend) -> assertThat(spend.calls())
                        .as(role)
                        .isEqualTo(run.status().path("calls").path(role).asLong()));
    }

    @Test
    void everyTopicCanBeReadByAPlainConsumer() {
        assertThat(run.topics())
                .contains(
                        "prompts",
                        "generation-tasks",
                        "candidates",
                        "judging-tasks",
                        "verdicts",
                        "samples",
                        "rejections",
                        "specs",
                        "runs",
                        "spend",
                        "progress");
    }

    @Test
    void everyProgressRecordBalances() {
        assertThat(run.progress()).hasSizeGreaterThan(8); // one a commit and partition at most
        assertThat(run.progress())
                .allSatisfy(partitionProgress -> assertThat(partitionProgress.getAccepted()
                                + sum(partitionProgress.getRejected())
                                + sum(partitionProgress.getInvalid())
                                + sum(partitionProgress.getInFlight()))
                        .isEqualTo(partitionProgress.getSlots()));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void duckDbReadsEachViewThroughThePatternOfTheCard() throws IOException, SQLException {
        Path release = at("dataset/releases/v1");
        String card = Files.readString(release.resolve("README.md"));
        assertThat(card)
                .as("the starter recipe has no prices")
                .contains("| US dollars of all calls of the runs | not known |")
                .contains("| for each accepted sample | not known |");
        // Similar rows are left out, and listed.
        List<String> kept = ObservedRun.query("select "
                + run.status().path("accepted").asLong() + " - count(*) from '" + release + "/removed/*.parquet'");
        for (String view : List.of("sft", "sft-think", "raw")) {
            assertThat(card).contains("config_name: " + view, "path: " + view + "/train/*.parquet");
            assertThat(ObservedRun.query("select count(*) from '" + release + "/" + view + "/train/*.parquet'"))
                    .isEqualTo(kept);
        }
    }

    @Test
    void trainingMessagesAreTheConversationAndOneAnswer() throws SQLException {
        String sft = at("dataset/releases/v1/sft") + "/train/*.parquet";
        assertThat(ObservedRun.query("select distinct messages[-1].role from '" + sft + "'"))
                .containsExactly("assistant");
        assertThat(ObservedRun.query("select count(*) from '" + sft
                        + "' where len(list_filter(messages, lambda m: m.role = 'user')) = 0"))
                .containsExactly("0");
        // No part of the request: no delimiter, no instruction, and a clause only where the model quotes it.
        assertThat(ObservedRun.query("select count(*) from (select unnest(messages) as m from '" + sft + "') where"
                        + " m.content like"
                        + " '%<<conversation%'"
                        + " or m.content"
                        + " like '%#"
                        + " Policies%' or"
                        + " m.content like"
                        + " '%{#%'"))
                .containsExactly("0");
        String think = at("dataset/releases/v1/sft-think") + "/train/*.parquet";
        assertThat(ObservedRun.query(
                        "select count(*) from '" + think + "' where messages[-1].content not like '<think>%' or "
                                + "typeof(messages) like '%reasoning_content%'"))
                .containsExactly("0");
        String raw = at("dataset/releases/v1/raw") + "/train/*.parquet";
        assertThat(ObservedRun.query(
                        "select count(*) from '" + raw + "' where spec_version = '' or spec_excerpt_sha256 = '' or "
                                + "generator.params = '' or len(judge) = 0"))
                .containsExactly("0");
    }

    @Test
    void aCompleteRunPrintsItsProgressAndMakesNoCall() {
        CommandResult again = CommandResult.run(
                "run",
                "--work",
                at("work").toString(),
                "--dataset",
                at("dataset").toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).contains("is complete", "accepted");
    }

    @Test
    void theSameCommitsGiveTheSameBytes() throws IOException {
        CommandResult second =
                CommandResult.run("release", "--dataset", at("dataset").toString(), "--as", "v2", "--views", "sft");
        assertThat(second.code()).as(second.err()).isZero();
        for (int shard = 0; shard < 8; shard++) {
            String file = "sft/train/train-0000" + shard + "-of-00008.parquet";
            assertThat(at("dataset/releases/v2/" + file)).hasSameBinaryContentAs(at("dataset/releases/v1/" + file));
        }
    }

    @Test
    void aTemplateThatDropsTheReasoningBlocksTheRelease() throws IOException {
        Path template = at("dropping.jinja");
        Files.writeString(template, "{% for m in messages %}{{ m.content.split('</think>')[-1] }}{% endfor %}");
        List<String> release = List.of("release", "--dataset", at("dataset").toString(), "--as", "v3", "--views");
        CommandResult refused = CommandResult.run(
                Stream.concat(release.stream(), Stream.of("sft-think", "--template", template.toString()))
                        .toArray(String[]::new));
        assertThat(refused.code()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err().lines().filter(line -> line.startsWith("not released: ")))
                .singleElement(org.assertj.core.api.Assertions.as(org.assertj.core.api.Assertions.STRING))
                .contains("view sft-think is refused: chat template dropping.jinja drops the reasoning");
        assertThat(at("dataset/releases/v3")).doesNotExist();
        Files.writeString(template, "one\n{% for %}");
        CommandResult broken =
                CommandResult.run(Stream.concat(release.stream(), Stream.of("sft", "--template", template.toString()))
                        .toArray(String[]::new));
        assertThat(broken.code()).isEqualTo(2);
        assertThat(broken.err()).contains("dropping.jinja:2: expected a name");
    }

    @Test
    void verifyFindsABrokenVersion() throws Exception {
        CommandResult made = CommandResult.run(
                "release",
                "--dataset",
                at("dataset").toString(),
                "--as",
                "pairs",
                "--views",
                "preference,rl",
                "--world-size",
                "2");
        assertThat(made.code()).as(made.err()).isZero();
        String version = at("dataset") + "@pairs";
        CommandResult sound = CommandResult.run("verify", version);
        assertThat(sound.code()).as(sound.err()).isZero();
        assertThat(sound.out()).contains("verified", "0 problems, 0 unreferenced files");
        String files = at("dataset/releases/pairs") + "/preference/*/*.parquet";
        assertThat(ObservedRun.query("select min(score_chosen - score_rejected) >= 3 from '" + files + "'"))
                .isEqualTo(List.of("true"));
        Files.delete(at("dataset/releases/pairs/rl/train/train-00001-of-00002.parquet"));
        CommandResult broken = CommandResult.run("verify", version);
        assertThat(broken.code()).isEqualTo(3);
        assertThat(broken.err().lines().filter(line -> line.startsWith("releases/")))
                .singleElement(org.assertj.core.api.Assertions.as(org.assertj.core.api.Assertions.STRING))
                .startsWith("releases/pairs/rl/train/train-00001-of-00002.parquet: is missing");
        CommandResult unknown = CommandResult.run("verify", at("dataset") + "@v9");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no version or ref 'v9'");
    }

    @Test
    void showPrintsSamplesAndRejections() {
        CommandResult kept = CommandResult.run("show", "--dataset", at("dataset") + "@v1", "--rows", "2");
        assertThat(kept.code()).as(kept.err()).isZero();
        assertThat(kept.out()).contains("[reasoning]", "[answer]", "2 shown");
        CommandResult fallen =
                CommandResult.run("show", "--dataset", at("dataset").toString(), "--rejected");
        assertThat(fallen.out()).contains("REJECTED", "why:");
    }

    @Test
    @Tag("slow")
    @Tag("ci")
    void anEditedClauseChangesTheReasoningOfItsSamplesAndOfNoOthers() throws IOException, SQLException {
        Path starter = at("starter");
        copy(ROOT.resolve("starter"), starter);
        Path clauses = starter.resolve("spec/10-illicit.md");
        String before = Files.readString(clauses);
        String after = before.replace("Help people recognise, prevent", "Help everybody to recognise, prevent");
        assertThat(after).isNotEqualTo(before);
        Files.writeString(clauses, after);
        CommandResult edited = CommandResult.run(
                "run",
                starter.resolve("recipe.yaml").toString(),
                "--work",
                at("work-edited").toString(),
                "--dataset",
                at("dataset-edited").toString());
        assertThat(edited.code()).as(edited.out() + edited.err()).isZero();
        String join = "from '" + at("dataset/releases/v1/raw") + "/*/*.parquet' a join '"
                + at("dataset-edited/releases/v1/raw") + "/*/*.parquet' b using (prompt_id, slot) where a.reasoning ";
        List<String> changed = ObservedRun.query("select distinct array_to_string(a.cited_clauses, ',') " + join
                + "!= b.reasoning and a.attempt = b.attempt");
        assertThat(changed).isNotEmpty().allSatisfy(cited -> assertThat(cited).contains(EDITED));
        assertThat(ObservedRun.query("select count(*) " + join + "= b.reasoning and list_contains(a.cited_clauses, '"
                        + EDITED + "')"))
                .containsExactly("0");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}

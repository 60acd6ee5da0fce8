package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run with canaries prints their results. Canaries are not part of the run identity, and an invalid file stops a run
 * before it starts.
 */
@Tag("slow")
class JudgeCanaryRunTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final Path EXAMPLE = ROOT.resolve("deploy/k8s/overlays/local/canaries.jsonl");
    private static final Pattern LINE = Pattern.compile("canaries: of the known-bad (\\d+) turned away and (\\d+) kept;"
            + " of the known-good (\\d+) kept and (\\d+) turned away; (\\d+) undecided");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theMockModelPassesTheExampleAndOtherCanariesKeepTheRun() throws IOException {
        CommandResult first = run(EXAMPLE, "2");
        assertThat(first.code()).as(first.out() + first.err()).isZero();
        Matcher line = LINE.matcher(first.out());
        assertThat(line.find()).as(first.out()).isTrue();
        assertThat(Integer.parseInt(line.group(1))).as("known-bad turned away").isGreaterThan(3);
        assertThat(line.group(2)).as("known-bad kept").isEqualTo("0");
        assertThat(Integer.parseInt(line.group(3))).as("known-good kept").isGreaterThan(2);
        assertThat(line.group(4)).as("known-good turned away").isEqualTo("0");
        assertThat(line.find()).as("printed once").isFalse();
        assertThat(CommandResult.run("show", "--dataset", at("dataset"), "--rows", "1000")
                        .out())
                .doesNotContain("canary");

        Path others = Files.writeString(
                folder.resolve("others.jsonl"),
                Files.readAllLines(EXAMPLE).getFirst().replace("good-explain", "other"));
        CommandResult again = run(others, "7");
        assertThat(again.code()).as(again.out() + again.err()).isZero();
        assertThat(again.out()).contains("is complete");
    }

    @Test
    void anUnknownCategoryIsRefused() throws IOException {
        Path file = Files.writeString(
                folder.resolve("canaries.jsonl"),
                Files.readAllLines(EXAMPLE).getFirst().replace("Regulated advice", "Weather") + "\n");

        CommandResult commandResult = run(file, "2");

        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err()).contains(file + ":1: no category 'Weather'; there are Illicit behavior");
        assertThat(folder.resolve("work/run.json")).doesNotExist();
    }

    @Test
    void aWorkerReportsABadFileBeforeItWaitsForTheRun() throws IOException {
        Files.writeString(folder.resolve("canaries.jsonl"), "{\"id\": \"a\", \"expect\": \"maybe\"}\n");
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), recipe("""
                run: alone
                topics: {prefix: alone}
                kafka: {bootstrap.servers: '127.0.0.1:1', schema.registry.url: 'http://127.0.0.1:1'}
                """));

        CommandResult commandResult = CommandResult.run("worker", "judge", "--recipe", recipe.toString());

        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err().lines().filter(line -> line.contains("canaries")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains(folder.resolve("canaries.jsonl") + ":1: 'expect' must be keep or turn-away"));
    }

    @Test
    void doctorChecksTheCanaries() throws IOException {
        Files.copy(EXAMPLE, folder.resolve("canaries.jsonl"));
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), recipe(""));
        assertThat(CommandResult.run("doctor", recipe.toString(), "--work", at("work"))
                        .out())
                .containsPattern("ok +canaries +7 in .*canaries.jsonl, one per 200 judging tasks")
                .containsPattern("ok +neardup +prompts: reject, samples: reject; similar from 0.8 on")
                .contains("\n" + " ".repeat(24) + "found %  13  24  40  59  78  92  98  99  99  99\n");

        Files.writeString(folder.resolve("canaries.jsonl"), "{}\n");
        CommandResult wrong = CommandResult.run("doctor", recipe.toString(), "--work", at("work"));
        assertThat(wrong.out()).containsPattern("wrong +canaries +.*canaries.jsonl:1: 'id' is missing");
        assertThat(wrong.code()).isEqualTo(2);
    }

    private String recipe(String more) {
        return "dataset: " + at("dataset") + "\n"
                + "prompts: {files: [" + ROOT.resolve("starter/prompts/starter.jsonl") + "]}\n"
                + "spec: " + ROOT.resolve("starter/spec") + "\n"
                + "generator: {url: 'http://127.0.0.1:1/v1'}\n"
                + "judge: {canaries: {file: canaries.jsonl}}\n" + more;
    }

    private CommandResult run(Path canaries, String every) {
        return CommandResult.run(
                "run",
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--set",
                "prompts.limit=40",
                "--set",
                "judge.canaries.file=" + canaries,
                "--set",
                "judge.canaries.every=" + every,
                "--work",
                at("work"),
                "--dataset",
                at("dataset"));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }
}

package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** A dataset is the argument of every command, results can be printed as JSON, and names are checked first. */
class CommandLineShapeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OUTSIDE = "../../x";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private static String dataset = "";

    @BeforeAll
    static void makeVersion() throws IOException {
        DatasetFixture fixture = new DatasetFixture(folder.resolve("dataset"));
        dataset = fixture.folder().toString();
        fixture.samples(0, 5);
        fixture.complete(5);
        JsonNode released = json("release", dataset, "--as", "v1", "--views", "sft", "-o", "json");
        assertThat(released.path("outcome").asText()).isEqualTo("released");
        assertThat(released.path("version").asText()).isEqualTo("v1");
        assertThat(released.path("rows").asLong()).isEqualTo(5);
        assertThat(released.path("path").asText()).endsWith("releases/v1/");
    }

    @Test
    void theDatasetIsAnArgumentOrAnOption() {
        String arguments = CommandResult.done("show", dataset + "@v1", "--rows", "1");
        assertThat(arguments).endsWith("1 shown; more with --rows N\n");
        assertThat(CommandResult.done("show", "--dataset", dataset + "@v1", "--rows", "1"))
                .isEqualTo(arguments);
        refused("is given twice", "show", dataset, "--dataset", dataset);
        CommandResult twice = CommandResult.run("release", dataset, "--dataset", dataset, "--as", "v2");
        assertThat(twice.code()).as(twice.out()).isEqualTo(2);
        assertThat(CommandResult.run("release", "--as", "v2").code()).isEqualTo(2);
        refused("is given twice", "preview", "a.yaml", "--recipe", "b.yaml");
        refused("none.yaml", "run", "--recipe", folder.resolve("none.yaml").toString(), "--work", work());
        assertThat(CommandResult.run(
                                "doctor",
                                "--recipe",
                                folder.resolve("none.yaml").toString(),
                                "--work",
                                work())
                        .out())
                .contains("none.yaml");
    }

    @Test
    void resultsArePrintedAsJson() throws IOException {
        JsonNode verified = json("verify", dataset, "--output", "JSON");
        assertThat(verified.path("files").asLong()).isPositive();
        assertThat(verified.path("problems").isArray()).isTrue();
        JsonNode gc = json("gc", dataset, "--dry-run", "-o", "json");
        assertThat(gc.path("removable").isArray()).isTrue();
        assertThat(gc.at("/kept/unfinished").isArray()).isTrue();
        assertThat(json("ref", dataset, "stable", "v1", "-o", "json")
                        .path("version")
                        .asText())
                .isEqualTo("v1");
        assertThat(json("ref", dataset, "latest", "-o", "json").path("moves").size())
                .isEqualTo(1);
        JsonNode audit = json("audit", dataset, "-o", "json");
        assertThat(audit.path(0).path("action").asText()).isEqualTo("release");
        assertThat(audit.path(0).at("/details/version").asText()).isEqualTo("v1");
        CommandResult wrong = CommandResult.run("verify", dataset, "-o", "xml");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--output xml: give text or json");
    }

    @Test
    void aNameThatIsNotAllowedIsRefusedBeforeAnythingIsRecorded() throws IOException {
        int audited = json("audit", dataset, "-o", "json").size();
        String notAllowed = "release '" + OUTSIDE + "' is not allowed as a name";
        refused(notAllowed, "withdraw", dataset + "@v1", "--as", OUTSIDE, "--sample", "a", "--why", "tried");
        refused("is not allowed as a name", "withdraw", dataset + "@v1", "--as", "next", "--sample", "a", "--why", "t");
        refused("'" + OUTSIDE + "' is not allowed", "release", dataset, "--as", OUTSIDE);
        refused(notAllowed, "release", dataset, "--abandon", OUTSIDE);
        String none = "no version or ref '" + OUTSIDE + "'";
        refused(none, "release", dataset, "--as", "v2", "--from", OUTSIDE);
        refused("ref '" + OUTSIDE + "' is not allowed", "ref", dataset, OUTSIDE, "v1");
        refused("no version '" + OUTSIDE + "'", "ref", dataset, "prod", OUTSIDE);
        assertThat(json("audit", dataset, "-o", "json")).hasSize(audited);
    }

    @Test
    void anUnexpectedErrorDoesNotPromiseThatTheSameCommandHelps() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Precept.explain(
                new IllegalStateException("state 7"), new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("failed: state 7; completed work is safe")
                .contains("probably an error of precept")
                .doesNotContain("to resume");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureSaysWhatAndWhereInOneLine(Exception failure, String what) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Precept.explain(failure, new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("failed: " + what + "; completed work is safe, run the same command again")
                .doesNotContain("Exception");
    }

    private static Stream<Arguments> failures() {
        IOException full = new FileSystemException("/data/x", null, "No space left on device");
        return Stream.of(
                Arguments.of(new NoSuchFileException("/data/x"), "/data/x: no such file or folder"),
                Arguments.of(full, "/data/x: no space left on device"),
                Arguments.of(new UncheckedIOException(full), "/data/x: no space left on device"),
                Arguments.of(
                        new UncheckedIOException("cannot write the log", full),
                        "cannot write the log (/data/x: no space left on device)"),
                Arguments.of(new IOException("the store is slow"), "the store is slow"));
    }

    @Test
    void aPathThatTheLocaleCannotEncodeIsAConfigurationError() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Precept.explain(
                new InvalidPathException("??.jsonl", "Malformed input or input contains unmappable characters"),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("'??.jsonl'", "LC_ALL=C.UTF-8");
    }

    @Test
    void anErrorOfALibraryIsExplainedToo() {
        CommandLine command = new CommandLine(CommandLine.Model.CommandSpec.wrapWithoutInspection((Runnable) () -> {
            throw new ExceptionInInitializerError(new IOException("No space left on device"));
        }));
        CommandResult result = CommandResult.run(() -> command);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()) // the log of a test is there too
                .anySatisfy(line -> assertThat(line)
                        .startsWith("failed: ")
                        .contains("No space left on device")
                        .doesNotContain("Exception"));
    }

    private static String work() {
        return folder.resolve("work").toString();
    }

    private static JsonNode json(String... command) throws IOException {
        CommandResult result = CommandResult.run(command);
        assertThat(result.code()).as(List.of(command) + result.err()).isIn(0, 3);
        return JSON.readTree(result.out());
    }

    private static void refused(String problem, String... command) {
        CommandResult result = CommandResult.run(command);
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.err()).contains(problem).doesNotContain("Exception");
        assertThat(result.err().strip().lines()).hasSize(1);
    }
}

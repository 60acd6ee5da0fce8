package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are printed as JSON lines; a failure is one line and an exit code. */
class ReadCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SAMPLES = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private String location;

    @SuppressWarnings("NullAway.Init")
    private DatasetFixture dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = new DatasetFixture(folder.resolve("dataset"));
        location = dataset.folder().toString();
        dataset.samples(0, 200);
        dataset.samples(200, SAMPLES);
        dataset.complete(SAMPLES);
        CommandResult commandResult = CommandResult.run(
                "release", "--dataset", location, "--as", "v1", "--views", "sft,raw,rl", "--shards", "4");
        assertThat(commandResult.code()).as(commandResult.err()).isZero();
    }

    @Test
    void aCursorResumesAfterItsRow() throws IOException {
        List<JsonNode> whole = rows(read(location + "@v1"));
        assertThat(whole).hasSize(SAMPLES);
        List<JsonNode> parts = rows(read(location + "@latest", "--limit", "123"));
        assertThat(parts).hasSize(123);
        String cursor = parts.getLast().path("cursor").asText();
        assertThat(cursor).startsWith("v1/sft/train/");
        parts.addAll(rows(read(location + "@v1", "--from", cursor)));
        assertThat(parts).isEqualTo(whole);
        assertThat(read(
                                location + "@v1",
                                "--from",
                                whole.getLast().path("cursor").asText())
                        .out())
                .isEmpty();
    }

    @Test
    void aRowHasEveryColumnOfItsView() throws IOException {
        JsonNode row = rows(read(location + "@v1", "--limit", "1")).getFirst();
        assertThat(row.fieldNames())
                .toIterable()
                .startsWith("cursor", "sample_id", "prompt_id", "slot", "messages", "category");
        assertThat(row.path("messages").path(1).path("reasoning_content").asText())
                .startsWith("Thought ");
        assertThat(row.has("tools")).as("no row of the version has tools").isFalse();
        JsonNode raw =
                rows(read(location + "@v1", "--view", "raw", "--limit", "1")).getFirst();
        assertThat(raw.path("created_at").asText())
                .startsWith("2023-11-14T22:13:2")
                .endsWith("Z");
        JsonNode rl =
                rows(read(location + "@v1", "--view", "rl", "--limit", "1")).getFirst();
        assertThat(rl.path("reward_model").path("style").asText()).isEqualTo("model");
        assertThat(rl.path("label").isTextual()).isTrue();
    }

    @Test
    void aPulledFolderIsRead() throws IOException {
        String to = folder.resolve("pulled").toString();
        assertThat(CommandResult.run("pull", location + "@v1", "--to", to).code())
                .isZero();
        assertThat(read("--in", to, "--rank", "1", "--world-size", "2").out())
                .isEqualTo(read(location + "@v1", "--rank", "1", "--world-size", "2")
                        .out())
                .isNotEmpty();
    }

    @Test
    void followReadsToTheEndAndFromAnyCursor() throws IOException {
        List<JsonNode> whole = rows(read(location, "--follow"));
        List<JsonNode> taken = whole.stream().filter(line -> line.has("at")).toList();
        assertThat(taken).hasSize(SAMPLES);
        assertThat(whole.getFirst().path("cursor").asText()).startsWith("f2.");

        List<JsonNode> part = rows(read(location, "--follow", "--limit", "250"));
        String cursor = part.stream()
                .filter(line -> line.has("cursor"))
                .toList()
                .getLast()
                .path("cursor")
                .asText();
        List<JsonNode> both =
                new ArrayList<>(part.stream().filter(line -> line.has("at")).toList());
        String from = cursor + "+" + both.getLast().path("at").asText();
        rows(read(location, "--follow", "--from", from)).stream()
                .filter(line -> line.has("at"))
                .forEach(both::add);
        assertThat(both).isEqualTo(taken);
        assertThat(rows(read(
                        location,
                        "--follow",
                        "--from",
                        whole.getLast().path("cursor").asText())))
                .as("only the cursor")
                .singleElement()
                .satisfies(line -> assertThat(line.has("at")).isFalse());
    }

    @Test
    void aClosedPipeEndsWithZero() throws Exception {
        ShellResult shellResult = shell("| head -n 3; exit ${PIPESTATUS[0]}");
        assertThat(shellResult.code).as(shellResult.text).isZero();
        assertThat(shellResult.text.lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("{\"cursor\""));
    }

    @Test
    @Tag("slow")
    @Tag("ci")
    void aFullDiskIsWorkLeft() throws Exception {
        assumeThat(Path.of("/dev/full")).as("/dev/full").exists();
        ShellResult shellResult = shell("> /dev/full");
        assertThat(shellResult.code).isEqualTo(1);
        assertThat(shellResult.text)
                .startsWith("read: stopped (standard output: No space left")
                .hasLineCount(1);
    }

    private record ShellResult(int code, String text) {}

    /** Runs the command as a process in a shell. */
    private ShellResult shell(String after) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "exec 2>&1; \"$0\" -Xmx256m --enable-native-access=ALL-UNNAMED"
                                + " --sun-misc-unsafe-memory-access=allow -cp \"$1\" \"$2\" read \"$3\" " + after,
                        java,
                        System.getProperty("java.class.path"),
                        Precept.class.getName(),
                        location + "@v1")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new ShellResult(process.exitValue(), Files.readString(output));
    }

    @Test
    void aWrongArgumentIsOneLine() {
        refused(CommandResult.run("read"), "names no version");
        refused(CommandResult.run("read", location), "names no version", "--follow");
        refused(CommandResult.run("read", location + "@v9"), "no version or ref 'v9'; its versions are v1");
        refused(CommandResult.run("read", location + "@v1", "--view", "sfd"), "no view 'sfd'; it has raw, rl, sft");
        refused(CommandResult.run("read", location + "@v1", "--split", "test"), "no split 'test'");
        refused(CommandResult.run("read", location + "@v1", "--limit", "0"), "--limit");
        refused(CommandResult.run("read", location + "@v1", "--world-size", "3"), "--world-size 3: 4 shards");
        refused(CommandResult.run("read", location + "@v1", "--from", "v1:3"), "--from: 'v1:3' is not a cursor");
        refused(CommandResult.run("read", location + "@v1", "--from", "v2/sft/train/0:0"), "is not of v1/sft/train");
        refused(
                CommandResult.run("read", location + "@v1", "--from", "v1/sft/train/0:75"),
                "beyond the end: shard 0 has 75 rows");
        refused(CommandResult.run("read", location + "@v1", "--forever"), "--forever: requires --follow");
        refused(CommandResult.run("read", location + "@v1", "--follow"), "--follow: give DATASET alone");
        refused(CommandResult.run("read", location, "--follow", "--view", "rl"), "--view rl: cannot be followed");
        refused(CommandResult.run("read", location, "--follow", "--validation", "1"), "--validation");
        refused(
                CommandResult.run("read", location, "--follow", "--from", "v1/sft/train/0:0"),
                "is not a cursor of --follow");
        refused(CommandResult.run("read", folder.resolve("none").toString(), "--follow"), "no dataset");
    }

    private static void refused(CommandResult commandResult, String... parts) {
        assertThat(commandResult.code()).as(commandResult.err()).isEqualTo(2);
        assertThat(commandResult.err()).contains(parts).hasLineCount(1);
        assertThat(commandResult.out()).isEmpty();
    }

    private static CommandResult read(String... args) {
        List<String> command = new ArrayList<>(List.of("read"));
        command.addAll(List.of(args));
        CommandResult commandResult = CommandResult.run(command.toArray(String[]::new));
        assertThat(commandResult.code()).as(commandResult.err()).isZero();
        return commandResult;
    }

    private static List<JsonNode> rows(CommandResult commandResult) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : commandResult.out().lines().toList()) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}

package dev.precept.factory;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows come as JSON lines, an end is 0, and what cannot be is one line and its code. */
class ATrainerReadsByCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SAMPLES = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private String place;

    @SuppressWarnings("NullAway.Init")
    private MadeDataset dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = new MadeDataset(folder.resolve("dataset"));
        place = dataset.folder().toString();
        dataset.samples(0, 200);
        dataset.samples(200, SAMPLES);
        dataset.complete(SAMPLES);
        Told told = Told.by("release", "--dataset", place, "--as", "v1", "--views", "sft,raw,rl", "--shards", "4");
        assertThat(told.code()).as(told.err()).isZero();
    }

    @Test
    void inTwoPartsAsInOne() throws IOException {
        List<JsonNode> whole = rows(read(place + "@v1"));
        assertThat(whole).hasSize(SAMPLES);
        List<JsonNode> parts = rows(read(place + "@latest", "--limit", "123"));
        assertThat(parts).hasSize(123);
        String cursor = parts.getLast().path("cursor").asText();
        assertThat(cursor).startsWith("v1/sft/train/");
        parts.addAll(rows(read(place + "@v1", "--from", cursor)));
        assertThat(parts).isEqualTo(whole);
        assertThat(read(place + "@v1", "--from", whole.getLast().path("cursor").asText())
                        .out())
                .isEmpty();
    }

    @Test
    void aRowHasEveryColumnOfItsView() throws IOException {
        JsonNode row = rows(read(place + "@v1", "--limit", "1")).getFirst();
        assertThat(row.fieldNames())
                .toIterable()
                .startsWith("cursor", "sample_id", "prompt_id", "slot", "messages", "tools");
        assertThat(row.path("messages").path(1).path("reasoning_content").asText())
                .startsWith("Thought ");
        assertThat(row.path("tools").isNull()).isTrue();
        JsonNode raw =
                rows(read(place + "@v1", "--view", "raw", "--limit", "1")).getFirst();
        assertThat(raw.path("created_at").asText())
                .startsWith("2023-11-14T22:13:2")
                .endsWith("Z");
        JsonNode rl = rows(read(place + "@v1", "--view", "rl", "--limit", "1")).getFirst();
        assertThat(rl.path("reward_model").path("style").asText()).isEqualTo("model");
    }

    @Test
    void aPulledFolderToo() throws IOException {
        String to = folder.resolve("pulled").toString();
        assertThat(Told.by("pull", place + "@v1", "--to", to).code()).isZero();
        assertThat(read("--in", to, "--rank", "1", "--world-size", "2").out())
                .isEqualTo(
                        read(place + "@v1", "--rank", "1", "--world-size", "2").out())
                .isNotEmpty();
    }

    @Test
    void aRunIsFollowedToItsEndAndFromAnyPlace() throws IOException {
        List<JsonNode> whole = rows(read(place, "--follow"));
        List<JsonNode> taken = whole.stream().filter(line -> line.has("at")).toList();
        assertThat(taken).hasSize(SAMPLES);
        assertThat(whole.getFirst().path("cursor").asText()).startsWith("f1.");

        List<JsonNode> part = rows(read(place, "--follow", "--limit", "250"));
        String cursor = part.stream()
                .filter(line -> line.has("cursor"))
                .toList()
                .getLast()
                .path("cursor")
                .asText();
        List<JsonNode> both =
                new ArrayList<>(part.stream().filter(line -> line.has("at")).toList());
        String from = cursor + "+" + both.getLast().path("at").asText();
        rows(read(place, "--follow", "--from", from)).stream()
                .filter(line -> line.has("at"))
                .forEach(both::add);
        assertThat(both).isEqualTo(taken);
        assertThat(rows(read(
                        place,
                        "--follow",
                        "--from",
                        whole.getLast().path("cursor").asText())))
                .as("nothing more, and it ends")
                .singleElement()
                .satisfies(line -> assertThat(line.has("at")).isFalse());
    }

    @Test
    void aReaderWhoHasEnoughEndsIt() throws Exception {
        Ended ended = shell("| head -n 3; exit ${PIPESTATUS[0]}");
        assertThat(ended.code).as(ended.text).isZero();
        assertThat(ended.text.lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("{\"cursor\""));
    }

    @Test
    void aDiskThatIsFullIsNoSuchReader() throws Exception {
        assumeThat(Path.of("/dev/full")).as("a device that is always full").exists();
        Ended ended = shell("> /dev/full");
        assertThat(ended.code).isEqualTo(1);
        assertThat(ended.text)
                .startsWith("read: stopped (standard output: No space left")
                .hasLineCount(1);
    }

    private record Ended(int code, String text) {}

    /** The command as a process, with what a shell does to its output. */
    private Ended shell(String after) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "exec 2>&1; \"$0\" -Xmx256m --enable-native-access=ALL-UNNAMED"
                                + " --sun-misc-unsafe-memory-access=allow -cp \"$1\" \"$2\" read \"$3\" " + after,
                        java,
                        System.getProperty("java.class.path"),
                        Precept.class.getName(),
                        place + "@v1")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(said));
    }

    @Test
    void whatCannotBeReadIsOneLine() {
        refused(Told.by("read"), "names no version");
        refused(Told.by("read", place), "names no version", "--follow");
        refused(Told.by("read", place + "@v9"), "no version or ref 'v9'; its versions are v1");
        refused(Told.by("read", place + "@v1", "--view", "sfd"), "no view 'sfd'; it has raw, rl, sft");
        refused(Told.by("read", place + "@v1", "--split", "test"), "no split 'test'");
        refused(Told.by("read", place + "@v1", "--limit", "0"), "--limit");
        refused(Told.by("read", place + "@v1", "--world-size", "3"), "--world-size 3: 4 shards");
        refused(Told.by("read", place + "@v1", "--from", "v1:3"), "--from: 'v1:3' is no cursor");
        refused(Told.by("read", place + "@v1", "--from", "v2/sft/train/0:0"), "is not of v1/sft/train");
        refused(Told.by("read", place + "@v1", "--from", "v1/sft/train/0:75"), "beyond the end: shard 0 has 75 rows");
        refused(Told.by("read", place + "@v1", "--forever"), "--forever: belongs to --follow");
        refused(Told.by("read", place + "@v1", "--follow"), "--follow: give the DATASET alone");
        refused(Told.by("read", place, "--follow", "--view", "rl"), "--view rl: cannot be followed");
        refused(Told.by("read", place, "--follow", "--validation", "1"), "--validation");
        refused(Told.by("read", place, "--follow", "--from", "v1/sft/train/0:0"), "no cursor of --follow");
        refused(Told.by("read", folder.resolve("none").toString(), "--follow"), "no dataset");
    }

    private static void refused(Told told, String... parts) {
        assertThat(told.code()).as(told.err()).isEqualTo(2);
        assertThat(told.err()).contains(parts).hasLineCount(1);
        assertThat(told.out()).isEmpty();
    }

    private static Told read(String... args) {
        List<String> command = new ArrayList<>(List.of("read"));
        command.addAll(List.of(args));
        Told told = Told.by(command.toArray(String[]::new));
        assertThat(told.code()).as(told.err()).isZero();
        return told;
    }

    private static List<JsonNode> rows(Told told) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : told.out().lines().toList()) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}

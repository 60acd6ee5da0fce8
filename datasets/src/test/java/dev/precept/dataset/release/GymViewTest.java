package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.read.Cursor;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.read.PulledParts;
import dev.precept.dataset.read.VersionReader;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view of JSON lines has the rows of {@code rl}, and is read, verified and pulled as any view. */
class GymViewTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 7;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(
                0, IntStream.range(0, ROWS).mapToObj(NeutralRows::sample).toList());
        dataset.complete();
        release("v1", View.SFT, View.RL, View.RL_GYM);
    }

    private void release(String name, View... views) throws IOException {
        assertThat(Release.make(
                        dataset.dataset(),
                        new ReleaseSettings(name, List.of(views), 2, 0, 3),
                        folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private List<Path> files(String version) throws IOException {
        try (Stream<Path> files = Files.list(dataset.folder().resolve("releases/" + version + "/rl-gym/train"))) {
            return files.sorted().toList();
        }
    }

    private List<JsonNode> lines(String version) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (Path file : files(version)) {
            for (String line : Files.readAllLines(file)) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    @Test
    void itHasTheRowsOfRlInTheirOrder() throws IOException {
        assertThat(files("v1"))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("train-00000-of-00002.jsonl", "train-00001-of-00002.jsonl");
        assertThat(lines("v1").stream()
                        .map(line -> line.at("/verifier_metadata/prompt_id").asText()))
                .hasSize(ROWS)
                .isEqualTo(DuckDb.query("SELECT extra_info.prompt_id FROM '" + dataset.folder()
                                + "/releases/v1/rl/train/*.parquet'")
                        .stream()
                        .map(List::getFirst)
                        .toList());
        assertThat(DuckDb.query("SELECT count(*), count(DISTINCT verifier_metadata.prompt_id),"
                        + " min(agent_ref.type) FROM '" + dataset.folder() + "/releases/v1/rl-gym/train/*.jsonl'"))
                .containsExactly(List.of("7", "7", "responses_api_agents"));
    }

    @Test
    void aReaderResumesAfterARow() throws Exception {
        VersionReader.Query query = new VersionReader.Query("rl-gym", "train", 0, 1);
        List<String> all = new ArrayList<>();
        Optional<Cursor> after = Optional.empty();
        for (int n = 0; n < ROWS; n++) {
            try (VersionReader reader = VersionReader.openVersion(dataset.dataset(), "v1", query, after)) {
                VersionReader.Row row = Objects.requireNonNull(reader.next());
                all.add(row.columns().get(2).toString());
                after = Optional.of(row.cursor());
            }
        }
        List<String> expected = new ArrayList<>();
        for (JsonNode line : lines("v1")) {
            expected.add(line.path("verifier_metadata").toString());
        }
        assertThat(all).isEqualTo(expected);
    }

    private List<String> problems() throws IOException {
        return Verification.verify(dataset.dataset(), Optional.of("v1"), InstantSource.system()).problems().stream()
                .map(Object::toString)
                .filter(problem -> problem.contains("rl-gym"))
                .toList();
    }

    @Test
    void verificationFindsAChangedFile() throws IOException {
        assertThat(problems()).isEmpty();
        Path last = files("v1").getLast();
        Files.writeString(last, "{}", StandardOpenOption.APPEND);
        assertThat(problems()).singleElement().asString().contains("train-00001-of-00002.jsonl", "sha256");
    }

    @Test
    void aPullOfTheViewHasItAndTheCardNamesIt() throws Exception {
        Path pulled = folder.resolve("pulled");
        Pull.prepare(dataset.dataset(), "v1", "rl-gym", pulled).copy(2, _ -> {});
        assertThat(pulled.resolve("rl-gym/train/train-00001-of-00002.jsonl"))
                .hasSameBinaryContentAs(files("v1").getLast());
        String card = Files.readString(pulled.resolve("README.md"));
        assertThat(PulledParts.of(card).contains(View.RL_GYM, Split.TRAIN)).isTrue();
        assertThat(card.substring(0, card.indexOf("\n---\n")))
                .contains("json_lines:\n- config_name: rl-gym\n")
                .doesNotContain("configs:", "default: true", "config_name: sft");
    }

    @Test
    void theCardKeepsItApartFromTheConfigurations() throws IOException {
        String card = new String(dataset.store().read("releases/v1/README.md").orElseThrow(), StandardCharsets.UTF_8);
        String configs = card.substring(card.indexOf("configs:"), card.indexOf("json_lines:"));
        assertThat(configs).contains("config_name: rl\n", "config_name: sft\n").doesNotContain("rl-gym", "jsonl");
        release("v2", View.RL_GYM);
        assertThat(new String(dataset.store().read("releases/v2/README.md").orElseThrow(), StandardCharsets.UTF_8))
                .doesNotContain("configs:")
                .contains("load_dataset(\"json\", data_files=\"path/to/v2/rl-gym/*/*.jsonl\")")
                .contains("'path/to/v2/rl-gym/train/*.jsonl'");
    }
}

package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the messages of a version are structs or JSON is decided by its rows, and is the same in all of its files. */
final class VersionFormatTest {
    private static final String STRUCT = "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR, reasoning_content VARCHAR)[]";
    private static final String JSON = "JSON[]";
    private static final List<View> VIEWS = List.of(View.SFT, View.PREFERENCE, View.RL, View.RAW);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void commit() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, IntStream.range(0, 12).mapToObj(n -> plain(n, 0, 9)).toList());
    }

    /** A sample without tools whose messages have no key of their own. */
    private static Sample plain(int n, int slot, double lowest) {
        return NeutralRows.plain(NeutralRows.sample(n, slot, lowest));
    }

    private static Sample withTools(int n, double lowest) {
        return Sample.newBuilder(plain(n, 0, lowest))
                .setTools("[{\"type\":\"function\"}]")
                .build();
    }

    private Map<String, String> release(String name, Optional<Double> threshold) throws IOException {
        ReleaseSettings settings = new ReleaseSettings(name, VIEWS, 4, 4, 0, 3, threshold, List.of());
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        return files(name);
    }

    private Map<String, String> files(String name) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String key : dataset.store().list(Layout.release(name))) {
            if (key.endsWith("-of-00004.parquet")) {
                files.put(
                        key.substring(Layout.release(name).length()),
                        Sha256.hex(dataset.store().fetch(key)));
            }
        }
        return files;
    }

    private void requireMessages(String version, String type) throws IOException {
        for (String file : files(version).keySet()) {
            Path local = dataset.folder().resolve(Layout.releaseFile(version, file));
            String column = file.startsWith("sft") || file.startsWith("raw") ? "messages" : "prompt";
            assertThat(DuckDb.one("SELECT column_type FROM (DESCRIBE SELECT * FROM '" + local
                            + "') WHERE column_name = '" + column + "'"))
                    .as(file)
                    .containsExactly(type);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyAVersionWithoutToolsIsListedForLlamaFactory(boolean tools) throws IOException {
        if (tools) {
            dataset.samples(1, List.of(withTools(40, 9)));
        }
        dataset.complete();
        Release.make(
                dataset.dataset(),
                new ReleaseSettings("v1", List.of(View.SFT_THINK), 2, 0.25, 3),
                folder.resolve("drafts"));
        assertThat(Files.exists(dataset.folder().resolve("releases/v1/llama-factory/dataset_info.json")))
                .as("its converter of tool calls drops the reasoning before a call")
                .isEqualTo(!tools);
    }

    @Test
    void rowsWithoutToolsAreStructs() throws IOException {
        dataset.complete();
        assertThat(release("v1", Optional.empty()))
                .as("no pairs, so no files of pairs")
                .hasSize(12);
        requireMessages("v1", STRUCT);
    }

    @Test
    void oneRowWithToolsMakesTheMessagesOfEveryFileJson() throws IOException {
        dataset.samples(1, List.of(withTools(40, 9)));
        dataset.complete();
        release("v1", Optional.empty());
        requireMessages("v1", JSON);
    }

    @Test
    void aRowThatTheVersionLeavesOutDoesNotCount() throws IOException {
        dataset.samples(1, List.of(withTools(40, 5)));
        dataset.complete();
        release("v1", Optional.of(8.0));
        requireMessages("v1", STRUCT);
        Withdrawal.record(
                dataset.dataset(),
                "not ours",
                new RowSelector.BySample(Set.of(withTools(40, 5).getSampleId()), Set.of()));
        release("v2", Optional.empty());
        requireMessages("v2", STRUCT);
    }

    @Test
    void theRejectedSideOfAPairCounts() throws IOException {
        Sample called = plain(3, 1, 2);
        called.getMessages().getLast().setToolCalls("[{\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]");
        dataset.samples(1, List.of(called));
        dataset.complete();
        release("v1", Optional.of(8.0));
        requireMessages("v1", JSON);
        assertThat(DuckDb.one("SELECT rejected[1]->>'$.tool_calls[0].function.arguments' FROM '" + dataset.folder()
                        + "/releases/v1/preference/train/*.parquet'"))
                .containsExactly("{}");
    }

    @Test
    void fourProcessesWriteTheBytesOfOne() throws IOException {
        dataset.samples(1, List.of(withTools(40, 9), plain(3, 1, 2)));
        dataset.complete();
        Map<String, String> alone = release("v1", Optional.empty());
        ReleaseSettings settings = new ReleaseSettings("v2", VIEWS, 4, 4, 0, 3, Optional.empty(), List.of());
        for (int share = 3; share >= 0; share--) {
            Release.make(
                    dataset.dataset(),
                    settings,
                    new ReleaseWork(folder.resolve("range-" + share), 1L << 30, share, 4, _ -> {}));
        }
        assertThat(dataset.dataset().versions().has("v2")).isTrue();
        assertThat(files("v2")).isEqualTo(alone);
    }
}

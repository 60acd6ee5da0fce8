package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.read.VersionReader.Query;
import dev.precept.dataset.read.VersionReader.Row;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cursor of any row resumes with the next row, from a dataset or a pulled folder. */
class VersionReaderResumeTest {
    private static final Query TRAIN = new Query("sft", "train", 0, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, IntStream.range(0, 60).mapToObj(NeutralRows::sample).toList());
        dataset.complete();
        release("v1", 4);
    }

    private void release(String name, int shards) throws IOException {
        ReleaseSettings settings = new ReleaseSettings(name, List.of(View.SFT, View.RAW), shards, 0.25, 2);
        Release.make(dataset.dataset(), settings, folder.resolve("drafts"));
    }

    @Test
    void rowsAreReadInTheOrderOfTheShards() throws Exception {
        List<String> expected = new ArrayList<>();
        for (JsonNode shard : dataset.manifest("v1").path("views").path("sft")) {
            if (shard.path("split").asText().equals("train")) {
                Path file = dataset.folder()
                        .resolve("releases/v1")
                        .resolve(shard.path("path").asText());
                DuckDb.query("SELECT sample_id FROM '" + file + "'").forEach(row -> expected.add(row.getFirst()));
            }
        }
        assertThat(ids(all("v1", TRAIN, Optional.empty()))).isEqualTo(expected).hasSizeBetween(30, 59);
    }

    @Test
    void everyCursorResumesWithTheNextRow() throws Exception {
        List<Row> whole = all("v1", TRAIN, Optional.empty());
        for (int taken = 0; taken < whole.size(); taken++) {
            Cursor last = Cursor.parse(whole.get(taken).cursor().toString());
            assertThat(ids(all("v1", TRAIN, Optional.of(last))))
                    .as("after %s", last)
                    .isEqualTo(ids(whole.subList(taken + 1, whole.size())));
        }
        assertThat(whole.getFirst().cursor()).hasToString("v1/sft/train/0:0");
        assertThat(whole.getLast().cursor().shard()).isEqualTo(3);
    }

    @Test
    void ranksShareTheShardsAndNoRowIsReadTwice() throws Exception {
        List<String> read = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            List<Row> rows = all("v1", new Query("sft", "train", rank, 2), Optional.empty());
            int mine = rank;
            assertThat(rows)
                    .allSatisfy(row -> assertThat(row.cursor().shard() % 2).isEqualTo(mine));
            Cursor middle = rows.get(rows.size() / 2).cursor();
            assertThat(ids(all("v1", new Query("sft", "train", rank, 2), Optional.of(middle))))
                    .isEqualTo(ids(rows.subList(rows.size() / 2 + 1, rows.size())));
            read.addAll(ids(rows));
        }
        assertThat(read)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(ids(all("v1", TRAIN, Optional.empty())));
        refused(
                () -> all("v1", new Query("sft", "train", 0, 3), Optional.empty()),
                "--world-size 3: 4 shards of v1 cannot be divided equally");
        refused(() -> new Query("sft", "train", 2, 2), "--rank 2 --world-size 2");
    }

    @Test
    void aPulledFolderReadsAsTheVersionItself() throws Exception {
        Path pulled = folder.resolve("pulled");
        Pull.prepare(dataset.dataset(), "v1", "sft", pulled).copy(2, copiedFile -> {});
        List<Row> whole = all("v1", TRAIN, Optional.empty());
        Cursor seventh = whole.get(6).cursor();
        try (VersionReader reader = VersionReader.openFolder(pulled, TRAIN, Optional.of(seventh))) {
            assertThat(reader.version()).isEqualTo("v1");
            assertThat(ids(drain(reader))).isEqualTo(ids(whole.subList(7, whole.size())));
        }
        refused(() -> VersionReader.openFolder(folder, TRAIN, Optional.empty()), "holds no version", "precept pull");
    }

    @Test
    void aRefIsResolvedOnceAndTheCursorNamesTheVersion() throws Exception {
        try (VersionReader reader = VersionReader.openVersion(dataset.dataset(), "latest", TRAIN, Optional.empty())) {
            Cursor first = Objects.requireNonNull(reader.next()).cursor();
            release("v2", 2);
            assertThat(dataset.dataset().versions().resolve("latest")).isEqualTo("v2");
            assertThat(drain(reader))
                    .allSatisfy(row -> assertThat(row.cursor().version()).isEqualTo("v1"));
            refused(
                    () -> all("latest", TRAIN, Optional.of(first)),
                    "--from v1/sft/train/0:0: is not of v2/sft/train, which is being read");
        }
    }

    @Test
    void aCursorOfAnotherReaderIsRefusedInOneLine() {
        refusedCursor("v1/raw/train/0:0", "is not of v1/sft/train");
        refusedCursor("v1/sft/validation/0:0", "is not of v1/sft/train");
        refusedCursor("v1/sft/train/4:0", "beyond the end: the last shard is 3");
        refusedCursor("v1/sft/train/0:999", "beyond the end: shard 0 has");
        refused(
                () -> all("v1", new Query("sft", "train", 0, 2), Optional.of(Cursor.parse("v1/sft/train/1:0"))),
                "is of rank 1 of 2");
        for (String broken : List.of("", "v1", "v1/sft/train/0", "v1/sft/train/-1:0", "v1/sft/train/0:1 ", "0:1")) {
            assertThatThrownBy(() -> Cursor.parse(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not a cursor; give one such as v1/sft/train/3:1207");
        }
        assertThatThrownBy(() -> Cursor.parse("f2.e30")).hasMessageContaining("cursor of --follow");
    }

    @Test
    void aMissingViewOrSplitIsReportedWithTheExistingOnes() {
        refused(() -> all("v9", TRAIN, Optional.empty()), "no version or ref 'v9'; its versions are v1");
        refused(() -> all("v1", new Query("rl", "train", 0, 1), Optional.empty()), "no view 'rl'; it has raw, sft");
        refused(
                () -> all("v1", new Query("sft", "test", 0, 1), Optional.empty()),
                "no split 'test'; it has train, validation");
    }

    @Test
    void aShardThatDoesNotMatchTheManifestDeliversNoRow() throws Exception {
        Path shard = dataset.folder().resolve("releases/v1/sft/train/train-00002-of-00004.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);
        try (VersionReader reader = VersionReader.openVersion(dataset.dataset(), "v1", TRAIN, Optional.empty())) {
            assertThatThrownBy(() -> drain(reader))
                    .isInstanceOf(Pull.CorruptFileException.class)
                    .hasMessageStartingWith("v1/sft/train/train-00002-of-00004.parquet: has the SHA-256 ");
        }
        Files.delete(shard);
        try (VersionReader reader = VersionReader.openVersion(dataset.dataset(), "v1", TRAIN, Optional.empty())) {
            assertThatThrownBy(() -> drain(reader)).hasMessageContaining("does not exist, but the manifest names it");
        }
    }

    private void refusedCursor(String cursor, String... parts) {
        refused(() -> all("v1", TRAIN, Optional.of(Cursor.parse(cursor))), parts);
    }

    private static void refused(ThrowingCallable reading, String... parts) {
        assertThatThrownBy(reading)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(parts)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private List<Row> all(String name, Query query, Optional<Cursor> after)
            throws IOException, Pull.CorruptFileException {
        try (VersionReader reader = VersionReader.openVersion(dataset.dataset(), name, query, after)) {
            return drain(reader);
        }
    }

    private static List<Row> drain(VersionReader reader) throws IOException, Pull.CorruptFileException {
        List<Row> rows = new ArrayList<>();
        for (Row row = reader.next(); row != null; row = reader.next()) {
            rows.add(row);
        }
        return rows;
    }

    private static List<String> ids(List<Row> rows) {
        return rows.stream()
                .map(row -> row.columns()
                        .get(row.columns().getSchema().getField("sample_id").pos())
                        .toString())
                .toList();
    }
}

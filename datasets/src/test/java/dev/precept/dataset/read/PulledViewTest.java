package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pulled file has the bytes of the released one, or does not get its final name. */
class PulledViewTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        List<Sample> samples =
                IntStream.range(0, 40).mapToObj(NeutralRows::sample).toList();
        dataset.samples(0, samples);
        dataset.complete();
        Release.make(
                dataset.dataset(), new ReleaseSettings("v1", List.of(View.SFT, View.RAW), 8), folder.resolve("drafts"));
    }

    @Test
    void aSecondPullCopiesNothing() throws Exception {
        Pull pull = pull("v1", "sft");
        assertThat(pull.files()).isEqualTo(8);
        assertThat(pull.rows()).isEqualTo(40);
        assertThat(copied(pull)).hasSize(8).allMatch(Pull.CopiedFile::copied);
        assertThat(DuckDb.one("SELECT count(*) FROM '" + to().resolve("sft/train/*.parquet") + "'"))
                .containsExactly("40");
        for (Path file : released("sft")) {
            assertThat(to().resolve("sft/train").resolve(file.getFileName())).hasSameBinaryContentAs(file);
        }
        assertThat(to().resolve("manifest.json"))
                .hasSameBinaryContentAs(released().resolve("manifest.json"));
        assertThat(to().resolve("README.md")).exists();
        assertThat(to().resolve("raw")).doesNotExist();

        assertThat(copied(pull("v1", "sft"))).hasSize(8).noneMatch(Pull.CopiedFile::copied);
    }

    @Test
    void aRefIsResolved() {
        assertThat(pull("latest", "sft").version()).isEqualTo("v1");
    }

    @Test
    void aPullResumesAndReplacesWrongFiles() throws Exception {
        copied(pull("v1", "sft"));
        Files.delete(to().resolve("sft/train/train-00003-of-00008.parquet"));
        Files.writeString(to().resolve("sft/train/train-00005-of-00008.parquet"), "half a file");

        assertThat(copied(pull("v1", "sft")))
                .filteredOn(Pull.CopiedFile::copied)
                .extracting(Pull.CopiedFile::path)
                .containsExactly("sft/train/train-00003-of-00008.parquet", "sft/train/train-00005-of-00008.parquet");
    }

    @Test
    void aFileWithAFlippedByteIsRefused() throws Exception {
        Path shard = released().resolve("sft/train/train-00002-of-00008.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);

        assertThatThrownBy(() -> copied(pull("v1", "sft")))
                .isInstanceOf(Pull.CorruptFileException.class)
                .hasMessageStartingWith("releases/v1/sft/train/train-00002-of-00008.parquet: has the SHA-256 ");
        assertThat(to().resolve("sft/train/train-00002-of-00008.parquet")).doesNotExist();
        assertThat(to().resolve("sft/train/train-00002-of-00008.parquet.part")).doesNotExist();
        assertThat(to().resolve("manifest.json")).doesNotExist();
    }

    @Test
    void aFolderWithAnotherVersionIsRefused() throws Exception {
        Files.delete(released().resolve("sft/train/train-00007-of-00008.parquet"));
        assertThatThrownBy(() -> copied(pull("latest", "sft"))).isInstanceOf(Pull.CorruptFileException.class);
        Release.make(dataset.dataset(), new ReleaseSettings("v2", List.of(View.SFT), 8), folder.resolve("drafts"));

        assertThatThrownBy(() -> pull("latest", "sft"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--to " + to() + ": holds version v1 of dataset ")
                .hasMessageContaining(", not version v2 of ");
        assertThat(pull("v1", "raw").version()).isEqualTo("v1");
        assertThat(copied(pull("v1", "raw"))).hasSize(8);
        assertThatThrownBy(() -> pull("latest", "sft")).hasMessageContaining("holds version v1");
        assertThat(to().resolve(".pulling.json")).doesNotExist();
        assertThat(to().resolve("manifest.json")).exists();
    }

    @Test
    void aVersionWithTheFlatLayoutIsPulled() throws Exception {
        Path manifest = released().resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("/train/train-", "/train-"));
        for (Path file : released("sft")) {
            Files.move(file, released().resolve("sft").resolve(file.getFileName()));
        }
        assertThat(copied(pull("v1", "sft"))).hasSize(8).allMatch(Pull.CopiedFile::copied);
        assertThat(to().resolve("sft/train-00003-of-00008.parquet")).exists();
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(released().resolve("sft/train/train-00007-of-00008.parquet"));

        assertThatThrownBy(() -> copied(pull("v1", "sft")))
                .isInstanceOf(Pull.CorruptFileException.class)
                .hasMessageStartingWith(
                        "releases/v1/sft/train/train-00007-of-00008.parquet: does not exist, but the manifest names it");
    }

    @Test
    void aMissingVersionOrViewIsReportedWithTheExistingOnes() {
        assertThatThrownBy(() -> pull("v2", "sft"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no version or ref 'v2'; its versions are v1");
        assertThatThrownBy(() -> pull("v1", "rl"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no view 'rl'; it has raw, sft");
    }

    @Test
    void aFolderThatCannotBeCreatedIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Pull.prepare(dataset.dataset(), "v1", "sft", file.resolve("to"))
                        .copy(2, done -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--to " + file.resolve("to") + ": cannot be created");
    }

    private Pull pull(String name, String view) {
        return Pull.prepare(dataset.dataset(), name, view, to());
    }

    private static List<Pull.CopiedFile> copied(Pull pull) throws Exception {
        List<Pull.CopiedFile> files = new ArrayList<>();
        pull.copy(3, files::add);
        return files;
    }

    private Path to() {
        return folder.resolve("pulled");
    }

    private Path released() {
        return folder.resolve("dataset/releases/v1");
    }

    private List<Path> released(String view) throws IOException {
        try (Stream<Path> files = Files.list(released().resolve(view + "/train"))) {
            return files.toList();
        }
    }
}

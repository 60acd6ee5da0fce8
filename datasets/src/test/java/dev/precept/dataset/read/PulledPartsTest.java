package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.PulledFolderCheck;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version with 4 pairs and few validation rows in up to 8 files, pulled in parts: the card in the folder names what is there. */
class PulledPartsTest {
    private static final String SCRIPT = """
            import sys
            from datasets import load_dataset, get_dataset_config_names
            import pandas, polars, pyarrow.dataset
            for view in get_dataset_config_names(sys.argv[1]):
                for split, rows in load_dataset(sys.argv[1], view).items():
                    stream = load_dataset(sys.argv[1], view, split=split, streaming=True)
                    assert sum(1 for _ in stream) == rows.num_rows > 0
                    files = f"{sys.argv[1]}/{view}/{split}"
                    assert len(pandas.read_parquet(files)) == rows.num_rows
                    assert len(polars.read_parquet(files + "/*.parquet")) == rows.num_rows
                    assert pyarrow.dataset.dataset(files).count_rows() == rows.num_rows
                    for file in pyarrow.dataset.dataset(files).files:
                        assert load_dataset("parquet", data_files=file, split="train").num_rows > 0
                    print(f"{view}/{split}={rows.num_rows}", end=" ")
            default = load_dataset(sys.argv[1])
            print("default=" + ",".join(default))
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void release() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, IntStream.range(0, 40).mapToObj(NeutralRows::sample).toList());
        dataset.rejections(
                0,
                IntStream.range(0, 40)
                        .filter(n -> n % 11 == 3)
                        .mapToObj(n -> NeutralRows.attempt(n, 1, 1, 2))
                        .toList());
        dataset.complete();
        List<View> views = List.of(View.SFT, View.PREFERENCE, View.RL);
        assertThat(Release.make(
                        dataset.dataset(), new ReleaseSettings("v1", views, 8, 0.1, 3), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    @Test
    void theCardNamesWhatWasPulledAndGrowsWithIt() throws Exception {
        String card = Files.readString(released("README.md"));
        assertThat(configs(card))
                .containsExactly(
                        "- config_name: sft",
                        "  default: true",
                        "  - split: train",
                        "  - split: validation",
                        "- config_name: preference",
                        "  - split: train",
                        "- config_name: rl",
                        "  - split: train",
                        "  - split: validation");

        pull(List.of("preference"), Optional.empty());
        assertThat(configs(card())).containsExactly("- config_name: preference", "  default: true", "  - split: train");
        assertThat(card()).contains("> **A part of the version**: `preference` (train).\n");
        pull(List.of("sft", "rl"), Optional.of("validation"));
        assertThat(configs(card()))
                .containsExactly(
                        "- config_name: sft",
                        "  default: true",
                        "  - split: validation",
                        "- config_name: preference",
                        "  - split: train",
                        "- config_name: rl",
                        "  - split: validation");
        assertThat(to().resolve("sft/train")).doesNotExist();
        assertThat(problems()).isEmpty();

        pull(List.of("all"), Optional.empty());
        assertThat(card()).isEqualTo(card);
        assertThat(problems()).isEmpty();
    }

    @Test
    void aSplitThatAViewLacksIsNamed() {
        assertThatThrownBy(() -> pull(List.of("sft", "preference"), Optional.of("validation")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("view preference of version v1 has no split 'validation'; it has train");
    }

    @Test
    void readingWhatWasNotPulledIsNoDamage() throws Exception {
        pull(List.of("sft"), Optional.of("train"));
        VersionReader.Query here = new VersionReader.Query("sft", "train", 0, 1);
        try (VersionReader rows = VersionReader.openFolder(to(), here, Optional.empty())) {
            assertThat(rows.next()).isNotNull();
        }
        VersionReader.Query elsewhere = new VersionReader.Query("rl", "train", 0, 1);
        assertThatThrownBy(() -> VersionReader.openFolder(to(), elsewhere, Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--in " + to() + ": of v1 only sft (train) was pulled; 'precept pull DATASET@v1 --view rl"
                        + " --to " + to() + "' adds rl (train)");
        VersionReader.Query held = new VersionReader.Query("sft", "validation", 0, 1);
        assertThatThrownBy(() -> VersionReader.openFolder(to(), held, Optional.empty()))
                .hasMessageEndingWith("adds sft (validation)");
    }

    @Test
    void aPulledFolderIsVerifiedWithoutItsDataset() throws Exception {
        pull(List.of("sft"), Optional.of("train"));
        PulledFolderCheck.Checked checked = PulledFolderCheck.verify(to(), folder.resolve("check"));
        assertThat(checked.result().files()).isEqualTo(8);
        assertThat(checked.result().rows()).isEqualTo(sftRows("train"));
        assertThat(checked.result().problems()).isEmpty();

        Path file = to().resolve("sft/train/train-00001-of-00008.parquet");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Files.delete(to().resolve("sft/train/train-00002-of-00008.parquet"));
        Files.createDirectories(to().resolve("rl/train"));
        Files.copy(released("rl/train/train-00000-of-00008.parquet"), to().resolve("rl/train/other.parquet"));
        assertThat(problems())
                .extracting(Verification.Problem::key)
                .containsExactlyInAnyOrder(
                        "sft/train/train-00001-of-00008.parquet",
                        "sft/train/train-00002-of-00008.parquet",
                        "rl/train/other.parquet");
        Files.delete(to().resolve("README.md"));
        assertThat(problems()).extracting(Verification.Problem::key).contains("README.md");
        assertThatThrownBy(() -> PulledFolderCheck.verify(folder.resolve("spool"), folder.resolve("check")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("holds no version");
    }

    @Test
    void datasetsLoadsEveryPart() throws Exception {
        String python = System.getenv("PRECEPT_PYTHON");
        assumeThat(python)
                .as("PRECEPT_PYTHON names a Python with datasets, pyarrow, pandas and polars")
                .isNotNull();
        long train = sftRows("train");
        long validation = sftRows("validation");
        String whole = "sft/train=" + train + " sft/validation=" + validation;
        String rl = " rl/train=" + train + " rl/validation=" + validation;
        assertThat(load(python, dataset.folder().resolve("releases/v1")))
                .isEqualTo(whole + " preference/train=4" + rl + " default=train,validation");
        pull(List.of("preference"), Optional.empty());
        assertThat(load(python, to())).isEqualTo("preference/train=4 default=train");
        pull(List.of("sft"), Optional.of("validation"));
        assertThat(load(python, to()))
                .isEqualTo("sft/validation=" + validation + " preference/train=4 default=validation");
    }

    private String load(@org.jspecify.annotations.Nullable String python, Path version) throws Exception {
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(String.valueOf(python), "-c", SCRIPT, version.toString())
                .redirectError(folder.resolve("errors").toFile())
                .redirectOutput(said.toFile());
        builder.environment().putAll(Map.of("HF_HOME", folder.resolve("hf").toString(), "HF_HUB_OFFLINE", "1"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return Files.readString(said).strip();
    }

    private long sftRows(String split) throws IOException {
        return dataset.manifest("v1").path("splits").path("sft").path(split).asLong();
    }

    private static Stream<String> configLines(String card) {
        return card.substring(0, card.indexOf("\n---\n", 4))
                .lines()
                .filter(line -> line.matches("- config_name: .*|  default: .*|  - split: .*"));
    }

    private static List<String> configs(String card) {
        return configLines(card).toList();
    }

    private String card() throws IOException {
        return Files.readString(to().resolve("README.md"));
    }

    private List<Verification.Problem> problems() throws IOException {
        return PulledFolderCheck.verify(to(), folder.resolve("check")).result().problems();
    }

    private void pull(List<String> views, Optional<String> split) throws Exception {
        Pull.prepare(dataset.dataset(), "v1", views, split, to()).copy(2, _ -> {});
    }

    private Path to() {
        return folder.resolve("pulled");
    }

    private Path released(String path) {
        return dataset.folder().resolve("releases/v1").resolve(path);
    }
}

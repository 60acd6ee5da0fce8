package dev.precept.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number of partitions of a dataset is fixed, and no partition of a run is left out. */
class PartitionCountTest {
    private static final String WIDE = "wide-run";
    private static final Map<String, String> WIDE_IDS = Map.of("samples", "wide-s", "rejections", "wide-r");
    private static final int WIDE_PARTITIONS = 4;

    @TempDir
    private Path folder;

    private CommittedDataset dataset;

    @BeforeEach
    void createDataset() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
    }

    @Test
    void anotherNumberThanThatOfTheDatasetIsRefused() {
        StoreLocation location = new StoreLocation.Folder(folder.resolve("dataset"));
        assertThatThrownBy(() -> Dataset.open(location, 16, Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "topics.partitions: the dataset " + location + " was made with 2, not 16; give 2");
        assertThat(Dataset.open(location, 2, Optional.empty()).partitions()).isEqualTo(2);
    }

    @Test
    void aRunKeepsItsOwnNumberOverARecovery() {
        dataset.dataset().register(WIDE, "{}", WIDE_IDS, WIDE_PARTITIONS);
        dataset.dataset().registerRecovery(WIDE, Map.of("samples", "wide-s2", "rejections", "wide-r2"));
        assertThat(dataset.dataset().run(WIDE).orElseThrow().partitions()).isEqualTo(WIDE_PARTITIONS);
        assertThat(dataset.dataset().run(NeutralRows.RUN).orElseThrow().partitions())
                .isEqualTo(2);
    }

    @Test
    void anEntryWithoutANumberHasThatOfTheDataset() throws IOException {
        dataset.store()
                .createIfAbsent(
                        Layout.run("old"),
                        "{\"run_id\":\"old\",\"identity\":{},\"topic_ids\":{\"samples\":\"o-s\"}}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(dataset.dataset().run("old").orElseThrow().partitions()).isEqualTo(2);
    }

    @Test
    void everyPartitionOfARunCountsForItsEndAndItsRelease() throws IOException {
        dataset.samples(0, samples(0, 20));
        dataset.complete();
        dataset.dataset().register(WIDE, "{}", WIDE_IDS, WIDE_PARTITIONS);
        for (int partition = 0; partition < WIDE_PARTITIONS; partition++) {
            assertThat(dataset.dataset().isComplete(WIDE)).isFalse();
            dataset.commitOf(
                    WIDE, new ChainId("samples", "wide-s", partition), samples(20 + partition, 21 + partition));
            dataset.commitOf(WIDE, new ChainId("rejections", "wide-r", partition), List.of());
        }
        assertThat(dataset.dataset().isComplete(WIDE)).isTrue();
        Release.make(dataset.dataset(), new ReleaseSettings("v1", List.of(View.SFT), 2), folder.resolve("drafts"));
        assertThat(DuckDb.one("SELECT count(*) FROM '" + dataset.folder() + "/releases/v1/sft/*/*.parquet'"))
                .containsExactly("24");
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                .toList();
    }
}

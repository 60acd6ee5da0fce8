package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.Refs;
import dev.precept.dataset.removal.AbandonedRelease;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReleaseDeterminismTest {
    private static final ReleaseSettings V1 = new ReleaseSettings("v1", List.of(View.SFT, View.SFT_THINK, View.RAW), 4);

    @TempDir
    private Path folder;

    @Test
    void twoReleasesOfTheSameCommitsHaveEqualBytes() throws IOException {
        CommittedDataset first = filled("first");
        Dataset second = CommittedDataset.copyOf(first.folder(), folder.resolve("second"));
        release(first.dataset(), V1);
        release(second, V1);
        Map<String, String> files = hashes(folder.resolve("first/releases/v1"));
        assertThat(files).hasSize(3 * 4 + 4).isEqualTo(hashes(folder.resolve("second/releases/v1")));
    }

    @Test
    void rowsAndOrderDoNotDependOnTheCommits() throws IOException {
        long seed = Seed.choose(getClass());
        List<Sample> shuffled = new ArrayList<>(samples(0, 60));
        Collections.shuffle(shuffled, new Random(seed));
        CommittedDataset orderly = dataset("orderly");
        orderly.samples(0, samples(0, 60));
        CommittedDataset mixed = dataset("mixed");
        mixed.samples(1, shuffled.subList(0, 13));
        mixed.samples(0, shuffled.subList(13, 40));
        mixed.samples(1, shuffled.subList(40, 60));
        for (CommittedDataset each : List.of(orderly, mixed)) {
            each.complete();
            release(each.dataset(), V1);
        }
        for (View view : V1.views()) {
            assertThat(hashes(mixed.folder().resolve("releases/v1/" + view.label())))
                    .isEqualTo(hashes(orderly.folder().resolve("releases/v1/" + view.label())));
        }
    }

    @Test
    void everyViewHasEveryRowOnceInShardsThatDifferByAtMostOneRow() throws IOException {
        CommittedDataset dataset = filled("dataset");
        release(dataset.dataset(), V1);
        JsonNode manifest = manifest(dataset);
        for (View view : V1.views()) {
            List<Long> rows = new ArrayList<>();
            for (JsonNode shard : manifest.path("views").path(view.label())) {
                Path file = dataset.folder()
                        .resolve("releases/v1")
                        .resolve(shard.path("path").asText());
                rows.add(shard.path("rows").asLong());
                assertThat(DuckDb.one("SELECT count(*) FROM '" + file + "'"))
                        .containsExactly(shard.path("rows").asText());
                assertThat(Sha256.hex(Files.readAllBytes(file)))
                        .isEqualTo(shard.path("sha256").asText());
                assertThat(Files.size(file)).isEqualTo(shard.path("bytes").asLong());
            }
            assertThat(rows).hasSize(4);
            assertThat(Collections.max(rows) - Collections.min(rows)).isLessThanOrEqualTo(1);
            assertThat(rows.stream().mapToLong(Long::longValue).sum()).isEqualTo(50);
            assertThat(DuckDb.one("SELECT count(DISTINCT sample_id), count(*) FROM '"
                            + dataset.folder().resolve("releases/v1/" + view.label() + "/*/*.parquet") + "'"))
                    .containsExactly("50", "50");
        }
    }

    @Test
    void withFewerRowsThanShardsAFileHasOneRow() throws IOException {
        CommittedDataset dataset = dataset("dataset");
        dataset.samples(0, samples(0, 3));
        dataset.complete();
        release(dataset.dataset(), new ReleaseSettings("v1", List.of(View.SFT, View.PREFERENCE), 8, 0.01, 3));
        assertThat(DuckDb.one("SELECT count(*) FROM '" + dataset.folder().resolve("releases/v1/sft/*/*.parquet") + "'"))
                .containsExactly("3");
        JsonNode views = manifest(dataset).path("views");
        assertThat(views.path("sft").valueStream().map(file -> file.path("path").asText()))
                .containsExactly(
                        "sft/train/train-00000-of-00003.parquet",
                        "sft/train/train-00001-of-00003.parquet",
                        "sft/train/train-00002-of-00003.parquet");
        assertThat(views.path("sft").valueStream().map(file -> file.path("rows").asInt()))
                .containsOnly(1);
        assertThat(views.has("preference")).isFalse();
        String card = Files.readString(dataset.folder().resolve("releases/v1/README.md"));
        assertThat(card)
                .contains("| `sft` | train | 3 | 1, 3 |")
                .doesNotContain("config_name: preference", "split: validation");
    }

    @Test
    void aVersionWithoutARowInAnyViewIsNotReleased() throws IOException {
        CommittedDataset dataset = dataset("dataset");
        dataset.samples(0, samples(0, 3));
        dataset.complete();
        assertThat(Release.make(
                        dataset.dataset(),
                        new ReleaseSettings("v1", List.of(View.PREFERENCE), 8),
                        folder.resolve("drafts")))
                .isEqualTo(new Release.Result.NoRows(3));
        assertThat(dataset.dataset().versions().all()).isEmpty();
    }

    @Test
    void theEarliestOfExactDuplicatesIsKept() throws IOException {
        CommittedDataset dataset = dataset("dataset");
        Sample late = NeutralRows.sample(1, "The same?", NeutralRows.seq(30));
        Sample first = NeutralRows.sample(2, "The same?", NeutralRows.seq(10));
        Sample middle = NeutralRows.sample(3, "The same?", NeutralRows.seq(20));
        Sample other = NeutralRows.sample(4);
        dataset.samples(0, List.of(late, other));
        dataset.samples(1, List.of(middle, first));
        dataset.complete();
        assertThat(Release.make(dataset.dataset(), V1, folder.resolve("drafts")))
                .isInstanceOfSatisfying(
                        Release.Result.Released.class,
                        made -> assertThat(made.rows()).isEqualTo(2));
        assertThat(DuckDb.query(
                        "SELECT sample_id FROM '" + dataset.folder().resolve("releases/v1/raw/*/*.parquet") + "'"))
                .containsExactlyInAnyOrder(List.of(first.getSampleId()), List.of(other.getSampleId()));
        JsonNode removed = manifest(dataset).path("removed").path("exact_duplicates");
        assertThat(removed.path("count").asInt()).isEqualTo(2);
        assertThat(DuckDb.query("SELECT sample_id, reason FROM '"
                        + dataset.folder().resolve("releases/v1/removed/removed-00000-of-00001.parquet") + "'"))
                .containsExactlyInAnyOrder(
                        List.of(late.getSampleId(), "exact_duplicate"),
                        List.of(middle.getSampleId(), "exact_duplicate"));
    }

    @Test
    void aSampleCommittedTwiceFailsAndIsNamed() throws IOException {
        CommittedDataset dataset = dataset("dataset");
        dataset.samples(0, samples(0, 5));
        dataset.samples(1, samples(4, 5));
        dataset.complete();
        assertThatThrownBy(() -> release(dataset.dataset(), V1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NeutralRows.sample(4).getSampleId());
        assertThat(dataset.dataset().versions().all()).isEmpty();
    }

    @Test
    void aDataFileThatDoesNotMatchItsCommitFailsAndIsNamed() throws IOException {
        CommittedDataset dataset = filled("dataset");
        String key = dataset.store().list("data/").getFirst();
        Path file = dataset.folder().resolve(key);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> release(dataset.dataset(), V1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aGapInAChainFailsAndNamesTheKey() throws IOException {
        CommittedDataset dataset = filled("dataset");
        String last = dataset.store().list("log/samples-topic-s-0/").getLast();
        assertThat(dataset.store().list("log/samples-topic-s-0/")).hasSize(3);
        assertThat(dataset.dataset().isComplete(NeutralRows.RUN)).isTrue();
        dataset.store().delete(dataset.store().list("log/samples-topic-s-0/").get(1));
        assertThatThrownBy(() -> release(dataset.dataset(), V1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(last);
    }

    @Test
    void theManifestListsInputsAndRemovedRows() throws IOException {
        CommittedDataset dataset = filled("dataset");
        release(dataset.dataset(), V1);
        JsonNode manifest = manifest(dataset);
        assertThat(manifest.path("version").asText()).isEqualTo("v1");
        assertThat(manifest.path("dataset_id").asText())
                .isEqualTo(dataset.dataset().id());
        assertThat(manifest.path("rows").asLong()).isEqualTo(50);
        assertThat(manifest.path("tokens").toString())
                .isEqualTo("{\"prompt\":5000,\"cached\":0,\"completion\":2000,\"reasoning\":1500}");
        assertThat(manifest.path("rejected").toString()).isEqualTo("{\"LOW_SCORE\":5}");
        assertThat(manifest.path("invalid").toString()).isEqualTo("{\"UNREADABLE\":5}");
        assertThat(manifest.path("histograms").path("model").toString()).isEqualTo("{\"small-model\":50}");
        assertThat(manifest.path("histograms").path("spec_version").toString()).isEqualTo("{\"spec-1\":50}");
        assertThat(manifest.path("runs").path(0).path("run_id").asText()).isEqualTo(NeutralRows.RUN);
        assertThat(manifest.path("runs").path(0).path("identity").path("spec").asText())
                .isEqualTo("spec-1");
        assertThat(manifest.path("offsets"))
                .hasSize(2 * CommittedDataset.PARTITIONS)
                .anySatisfy(end -> {
                    assertThat(end.path("topic").asText()).isEqualTo("samples");
                    assertThat(end.path("topic_id").asText()).isEqualTo("topic-s");
                    assertThat(end.path("partition").asInt()).isZero();
                    assertThat(end.path("to").asLong()).isEqualTo(31);
                });
        assertThat(dataset.dataset().refs().latestMove("latest")).hasValue(new Refs.Move(1, "v1", null));
    }

    @Test
    void aReleasedNameCannotBeReused() throws IOException {
        CommittedDataset dataset = filled("dataset");
        release(dataset.dataset(), V1);
        Map<String, String> before = hashes(dataset.folder().resolve("releases/v1"));
        assertThatThrownBy(() -> release(dataset.dataset(), new ReleaseSettings("v1", List.of(View.RAW), 2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("release v1 exists")
                .hasMessageContaining("give another name");
        assertThat(hashes(dataset.folder().resolve("releases/v1"))).isEqualTo(before);
    }

    @Test
    void filesThatAreNotOfThePlanAreRefusedAndDeleted() throws IOException {
        for (String foreign : List.of("train-00000-of-00099.parquet", "train-00000-of-00004.parquet")) {
            CommittedDataset dataset = filled(foreign);
            String key = "releases/v1/sft/train/" + foreign;
            dataset.store().createIfAbsent(key, new byte[] {'x'});
            assertThatThrownBy(() -> AbandonedRelease.cleanUpAfter(
                            dataset.dataset(),
                            "v1",
                            () -> Release.make(dataset.dataset(), V1, folder.resolve("drafts"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining("release again");
            assertThat(dataset.dataset().versions().has("v1")).isFalse();
            assertThat(dataset.store().list("releases/")).isEmpty();
            release(dataset.dataset(), V1);
        }
    }

    @Test
    void aDatasetWithoutSamplesIsNotReleased() throws IOException {
        CommittedDataset dataset = dataset("dataset");
        dataset.rejections(0, List.of(NeutralRows.rejection(1)));
        dataset.complete();
        assertThat(Release.make(dataset.dataset(), V1, folder.resolve("drafts")))
                .isEqualTo(new Release.Result.NoRows(0));
        assertThat(dataset.dataset().versions().all()).isEmpty();
    }

    @Test
    void aRunThatLacksItsLastRecordOnOneChainIsIncomplete() throws IOException {
        CommittedDataset dataset = dataset("dataset");
        dataset.samples(0, samples(0, 5));
        dataset.complete("samples", 0);
        dataset.complete("samples", 1);
        dataset.complete("rejections", 0);
        assertThat(Release.make(dataset.dataset(), V1, folder.resolve("drafts")))
                .isEqualTo(new Release.Result.Incomplete(List.of(NeutralRows.RUN)));
        dataset.complete("rejections", 1);
        release(dataset.dataset(), V1);
        assertThat(dataset.dataset().versions().all()).containsExactly("v1");
    }

    @Test
    void theSpoolIsEmptyAfterARelease() throws IOException {
        release(filled("dataset").dataset(), V1);
        assertThat(folder.resolve("drafts")).isEmptyDirectory();
    }

    /** 50 samples in two partitions and several commits, 10 terminal rejections, complete. */
    private CommittedDataset filled(String name) throws IOException {
        CommittedDataset dataset = dataset(name);
        dataset.samples(0, samples(0, 20));
        dataset.samples(1, samples(20, 40));
        dataset.samples(0, samples(40, 50));
        dataset.rejections(
                1, IntStream.range(50, 60).mapToObj(NeutralRows::rejection).toList());
        dataset.complete();
        return dataset;
    }

    private CommittedDataset dataset(String name) throws IOException {
        return new CommittedDataset(folder.resolve(name), folder.resolve("spool-" + name));
    }

    private void release(Dataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset, settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to).mapToObj(NeutralRows::sample).toList();
    }

    private static JsonNode manifest(CommittedDataset dataset) {
        return dataset.manifest("v1");
    }

    private static Map<String, String> hashes(Path folder) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(folder.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return hashes;
    }
}

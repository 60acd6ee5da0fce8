package dev.precept.dataset.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphanFilesTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String PASSED = "data/samples-topic-s-0/10-35-0123456789abcdef.parquet";
    private static final String AHEAD = "data/samples-topic-s-0/40-60-0123456789abcdef.parquet";

    @TempDir
    private Path folder;

    @Test
    void nothingOfACorrectDatasetIsDeleted() throws IOException {
        CommittedDataset dataset = released();
        dataset.dataset().storeSpecification("spec-1", "{}");
        dataset.dataset().storeEvaluationSets("00", bytes("hashes"));
        CacheSecret.getOrCreate(dataset.dataset(), "secret");
        dataset.store().createIfAbsent("cache/00/answer.json", bytes("{}"));
        dataset.store().createIfAbsent("notes.txt", bytes("of a person"));
        dataset.store().createIfAbsent("data/notes.txt", bytes("of a person"));
        List<String> before = dataset.store().list("");
        before.forEach(key -> age(dataset, key, DAY.multipliedBy(400)));

        assertThat(removed(dataset, Duration.ofHours(1))).isEmpty();
        assertThat(dataset.store().list("")).isEqualTo(before);
    }

    @Test
    void unreferencedDataIsDeletedAfterTheMinimumAge() throws IOException {
        CommittedDataset dataset = released();
        leave(dataset, PASSED, DAY.plusHours(1));
        leave(dataset, "data/samples-topic-s-1/0-5-0123456789abcdef.parquet", DAY.minusHours(1));
        OrphanFiles orphanFiles = OrphanFiles.find(dataset.dataset(), DAY);
        assertThat(orphanFiles.removable())
                .extracting(ObjectStore.ObjectInfo::key)
                .containsExactly(PASSED);
        assertThat(orphanFiles.young()).containsExactly("data/samples-topic-s-1/0-5-0123456789abcdef.parquet");
        assertThat(dataset.store().list(PASSED)).as("find deletes nothing").isNotEmpty();

        assertThat(removed(dataset, DAY)).containsExactly(PASSED);
        assertThat(dataset.store().list(PASSED)).isEmpty();
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system())
                        .problems())
                .as("except the specification, which was not stored")
                .allSatisfy(problem -> assertThat(problem.key()).startsWith("specs/"));
    }

    @Test
    void dataAtTheEndOfAnOpenChainIsKept() throws IOException {
        CommittedDataset dataset = committed();
        leave(dataset, AHEAD, DAY.multipliedBy(30));
        leave(dataset, PASSED, DAY.multipliedBy(30));
        assertThat(OrphanFiles.find(dataset.dataset(), DAY).pendingCommit()).containsExactly(AHEAD);
        assertThat(removed(dataset, DAY)).containsExactly(PASSED);

        dataset.complete();
        assertThat(removed(dataset, DAY)).containsExactly(AHEAD);
    }

    @Test
    void aVersionWithoutAManifestIsDeletedWhenAllFilesAreOld() throws IOException {
        CommittedDataset dataset = released();
        String first = "releases/v2/sft/train/train-00000-of-00002.parquet";
        String second = "releases/v2/sft/train/train-00001-of-00002.parquet";
        leave(dataset, first, DAY.multipliedBy(2));
        leave(dataset, second, DAY.minusHours(1));
        assertThat(removed(dataset, DAY)).isEmpty();
        age(dataset, second, DAY.plusHours(1));
        assertThat(removed(dataset, DAY)).containsExactly(first, second);
        assertThat(dataset.store().list("releases/v1/")).isNotEmpty();
    }

    @Test
    void aVersionWithoutAManifestIsKeptWhileARefNamesIt() throws IOException {
        CommittedDataset dataset = released();
        dataset.store().delete("releases/v1/manifest.json");
        dataset.store().list("releases/v1/").forEach(key -> age(dataset, key, DAY.multipliedBy(2)));
        assertThat(removed(dataset, DAY)).isEmpty();
    }

    @Test
    void aFileReferencedByAnyDocumentIsKept() throws IOException {
        CommittedDataset dataset = released();
        leave(dataset, PASSED, DAY.multipliedBy(2));
        dataset.store().createIfAbsent("later/1.json", bytes("{\"kept\": [{\"file\": \"" + PASSED + "\"}]}"));
        assertThat(removed(dataset, DAY)).isEmpty();
    }

    @Test
    void probesAndStagedFilesAreDeleted() throws IOException {
        CommittedDataset dataset = released();
        leave(dataset, ".probe-1", DAY.multipliedBy(2));
        leave(dataset, ".drafts/left", DAY.multipliedBy(2));
        Files.write(dataset.folder().resolve(".drafts/new"), new byte[1]);
        assertThat(removed(dataset, DAY)).containsExactlyInAnyOrder(".probe-1", ".drafts/left");
        assertThat(dataset.folder().resolve(".drafts/left")).doesNotExist();
        assertThat(dataset.folder().resolve(".drafts/new")).exists();
        assertThat(dataset.store().list(".probe-")).isEmpty();
    }

    @Test
    void aVersionCompletedMeanwhileIsKept() throws IOException {
        CommittedDataset dataset = released();
        leave(dataset, "releases/v2/sft/train/train-00000-of-00001.parquet", DAY.multipliedBy(2));
        OrphanFiles orphanFiles = OrphanFiles.find(dataset.dataset(), DAY);
        dataset.store().createIfAbsent("releases/v2/manifest.json", bytes("{}"));
        List<String> gone = new ArrayList<>();
        orphanFiles.delete(each -> gone.add(each.key()));
        assertThat(gone).isEmpty();
    }

    @Test
    void nothingIsDeletedIfACommitCannotBeRead() throws IOException {
        CommittedDataset dataset = released();
        leave(dataset, PASSED, DAY.multipliedBy(2));
        String commit = dataset.store().list("log/samples-topic-s-0/").getFirst();
        Files.writeString(dataset.folder().resolve(commit), "{");
        assertThatThrownBy(() -> OrphanFiles.find(dataset.dataset(), DAY))
                .isInstanceOf(OrphanFiles.UnreadableDocumentException.class)
                .hasMessageStartingWith(commit + " cannot be read, and may name files that would be deleted");
        assertThat(dataset.store().list(PASSED)).isNotEmpty();
    }

    @Test
    void nothingIsDeletedIfACommitIsMissing() throws IOException {
        requireKept(true);
    }

    @Test
    void nothingIsDeletedIfTheLastCommitOfAChainIsMissing() throws IOException {
        requireKept(false);
    }

    private void requireKept(boolean first) throws IOException {
        CommittedDataset dataset = released();
        leave(dataset, PASSED, DAY.multipliedBy(2));
        List<String> commits = dataset.store().list("log/samples-topic-s-0/");
        String commit = first ? commits.getFirst() : commits.getLast();
        Files.delete(dataset.folder().resolve(commit));
        assertThatThrownBy(() -> OrphanFiles.find(dataset.dataset(), DAY))
                .isInstanceOf(OrphanFiles.UnreadableDocumentException.class)
                .hasMessageStartingWith(commit + " is missing, and named files that would be deleted");
        assertThat(dataset.store().list(PASSED)).isNotEmpty();
    }

    @Test
    void verifyFindsADamagedPlan() throws IOException {
        CommittedDataset dataset = released();
        String plan = dataset.store().list("plans/").stream()
                .filter(key -> key.endsWith("/plan.json"))
                .findFirst()
                .orElseThrow();
        Files.writeString(dataset.folder().resolve(plan), "{");
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system())
                        .problems())
                .anySatisfy(problem -> assertThat(problem.toString()).startsWith(plan + ": is not a plan"));
    }

    private static List<String> removed(CommittedDataset dataset, Duration olderThan) throws IOException {
        List<String> removed = new ArrayList<>();
        OrphanFiles.find(dataset.dataset(), olderThan).delete(each -> removed.add(each.key()));
        return removed;
    }

    private static void leave(CommittedDataset dataset, String key, Duration old) throws IOException {
        dataset.store().createIfAbsent(key, bytes("left"));
        age(dataset, key, old);
    }

    private static void age(CommittedDataset dataset, String key, Duration old) {
        try {
            Files.setLastModifiedTime(
                    dataset.folder().resolve(key), FileTime.from(Instant.now().minus(old)));
        } catch (IOException e) {
            throw new AssertionError("cannot make " + key + " old", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private CommittedDataset released() throws IOException {
        CommittedDataset dataset = committed();
        dataset.complete();
        Release.make(dataset.dataset(), new ReleaseSettings("v1", List.of(View.SFT), 2), folder.resolve("drafts"));
        return dataset;
    }

    /** Chain 0 of samples ends at 40, chain 1 at 20. */
    private CommittedDataset committed() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, samples(0, 20));
        dataset.samples(1, samples(20, 40));
        dataset.samples(0, samples(40, 60));
        return dataset;
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to).mapToObj(NeutralRows::sample).toList();
    }
}

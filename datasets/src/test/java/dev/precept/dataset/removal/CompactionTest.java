package dev.precept.dataset.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.chain.HookedStore;
import dev.precept.dataset.read.DatasetFollower;
import dev.precept.dataset.read.FollowCursor;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompactionTest {
    private static final long LARGE = 1 << 30;
    private static final DatasetFollower.Query FOLLOWED = new DatasetFollower.Query(View.SFT, Split.TRAIN, 0);
    private static final RowSelector ONE =
            new RowSelector.BySample(Set.of(NeutralRows.sample(3, 0, 9).getSampleId()), Set.of());

    @TempDir
    private Path folder;

    private CommittedDataset dataset;

    @BeforeEach
    void manySmallCommits() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        for (int i = 0; i < 8; i++) {
            dataset.samples(i % 2, samples(3 * i, 3 * i + 3));
        }
        dataset.rejections(0, List.of(NeutralRows.attempt(1, 1, 1, 2)));
        dataset.rejections(0, List.of(NeutralRows.attempt(2, 1, 1, 2)));
    }

    @Test
    void theRowsOfAChainAreInOneFileAndUnchanged() throws IOException {
        dataset.complete();
        release("v1");
        List<List<String>> before = committedRows(dataset.store().list("data/"));
        Compaction.Outcome outcome = compact(dataset.dataset());
        assertThat(outcome.chains()).isEqualTo(3);
        assertThat(outcome.before().files()).isEqualTo(10);
        assertThat(outcome.after().files()).isEqualTo(3);
        assertThat(outcome.openChains()).isZero();
        List<String> merged = dataset.store().list("data/").stream()
                .filter(key -> key.endsWith("-r1.parquet"))
                .toList();
        assertThat(merged).hasSize(3);
        assertThat(committedRows(merged)).isEqualTo(before);

        release("v2");
        assertThat(released("v2")).isEqualTo(released("v1"));
        assertThat(removed(Duration.ZERO)).hasSize(10);
        release("v3");
        assertThat(released("v3")).isEqualTo(released("v1"));
        assertVerified();
        assertThat(compact(dataset.dataset()).before().files())
                .as("nothing left")
                .isZero();
    }

    @Test
    void aVersionOfEarlierOffsetsIsMadeOfAPartOfAFile() throws IOException {
        dataset.complete();
        release("v1");
        dataset.samples(0, samples(24, 27));
        dataset.samples(1, samples(27, 30));
        dataset.complete();
        compact(dataset.dataset());
        removed(Duration.ZERO);
        Release.makeFrom(
                dataset.dataset(), "v1", new ReleaseSettings("v1-again", List.of(View.RAW), 2), folder.resolve("d"));
        assertThat(released("v1-again")).isEqualTo(released("v1"));
        release("v2");
        assertThat(released("v2")).hasSize(30);
    }

    @Test
    void aCursorInsideACommitStaysValidAndAPurgeOfOtherRowsRepeatsNothing() throws Exception {
        Rows taken = new Rows(4);
        DatasetFollower follower = DatasetFollower.open(dataset.dataset(), FOLLOWED, Optional.empty());
        while (taken.ids.size() < taken.most && follower.poll(taken)) {}
        FollowCursor cursor = new FollowCursor(follower.cursor().vector(), Optional.of(taken.last));
        dataset.complete();
        compact(dataset.dataset());
        // A row of another commit of the same file.
        String later = NeutralRows.sample(21, 0, 9).getSampleId();
        Purge.execute(
                dataset.dataset(), new RowSelector.BySample(Set.of(later), Set.of()), "asked", folder.resolve("d"));
        Rows rest = new Rows(Integer.MAX_VALUE);
        DatasetFollower again =
                DatasetFollower.open(dataset.dataset(), FOLLOWED, Optional.of(FollowCursor.parse(cursor.toString())));
        while (again.poll(rest)) {}
        assertThat(again.isComplete()).isTrue();
        List<String> all = new ArrayList<>(taken.ids);
        all.addAll(rest.ids);
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(samples(0, 24).stream()
                        .map(Sample::getSampleId)
                        .filter(id -> !id.equals(later))
                        .toList());
    }

    @Test
    void aPurgeOfAMergedFileDeletesTheRowFromEveryFile() throws IOException {
        dataset.complete();
        release("v1");
        compact(dataset.dataset());
        Purge.Outcome outcome = Purge.execute(dataset.dataset(), ONE, "asked", folder.resolve("d"));
        assertThat(outcome.rows()).isEqualTo(1);
        assertThat(outcome.files()).isEqualTo(1);
        assertThat(outcome.leftovers().dataFiles())
                .as("the merged files and the old one")
                .isEqualTo(11);
        assertThat(committedRows(dataset.store().list("data/"))).hasSize(23 + 2);
        assertThat(compact(dataset.dataset()).before().files()).isZero();
        assertVerified();
    }

    @Test
    void openChainsAreLeftAlone() throws IOException {
        dataset.complete("samples", 0);
        Compaction.Outcome outcome = compact(dataset.dataset());
        assertThat(outcome.chains()).isEqualTo(1);
        assertThat(outcome.openChains()).isEqualTo(3);
        assertThat(dataset.store().list("data/"))
                .filteredOn(key -> key.endsWith("-r1.parquet"))
                .allSatisfy(key -> assertThat(key).startsWith("data/samples-topic-s-0/"));
    }

    @Test
    void filesAboveTheSizeAreNotMergedAgain() throws IOException {
        dataset.complete();
        long one = dataset.store()
                .listObjects("data/samples-topic-s-0/")
                .getFirst()
                .bytes();
        Compaction.execute(dataset.dataset(), folder.resolve("d"), 2 * one + one / 2);
        assertThat(dataset.store().list("data/samples-topic-s-0/"))
                .filteredOn(key -> key.endsWith("-r1.parquet"))
                .hasSize(2);
        removed(Duration.ZERO);
        release("v1");
        assertThat(released("v1")).hasSize(24);
    }

    @Test
    void itCompletesAfterACrashAtAnyWrite() throws IOException {
        dataset.complete();
        List<List<String>> before = committedRows(dataset.store().list("data/"));
        boolean crashed = true;
        for (int write = 0; crashed; write++) {
            Path copy = folder.resolve("copy-" + write);
            Dataset again = CommittedDataset.copyOf(dataset.folder(), copy);
            crashed = crashes(again.store(), write);
            if (crashed && write > 0) {
                assertThatThrownBy(() -> Purge.execute(again, ONE, "asked", folder.resolve("d")))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("a compaction did not complete");
                OrphanFiles orphans = OrphanFiles.find(again, Duration.ZERO);
                orphans.delete(file -> {});
            }
            compact(again);
            assertThat(again.store().list("rewrites/done/")).hasSize(1);
            List<String> merged = again.store().list("data/").stream()
                    .filter(key -> key.endsWith("-r1.parquet"))
                    .toList();
            assertThat(committedRows(copy, merged)).isEqualTo(before);
        }
    }

    private boolean crashes(ObjectStore store, int at) {
        AtomicInteger writes = new AtomicInteger();
        ObjectStore crashing = new HookedStore(store, key -> {
            if (writes.getAndIncrement() >= at) {
                throw new IOException("the process is gone");
            }
        });
        try {
            compact(Dataset.openExisting(crashing));
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessage("the process is gone");
            return true;
        }
    }

    private Compaction.Outcome compact(Dataset of) throws IOException {
        return Compaction.execute(of, folder.resolve("d"), LARGE);
    }

    private List<String> removed(Duration olderThan) throws IOException {
        List<String> removed = new ArrayList<>();
        OrphanFiles.find(dataset.dataset(), olderThan.minusMinutes(1)).delete(file -> removed.add(file.key()));
        return removed;
    }

    private List<List<String>> committedRows(List<String> keys) {
        return committedRows(dataset.folder(), keys);
    }

    /** All columns of all rows, read by another program. */
    private static List<List<String>> committedRows(Path root, List<String> keys) {
        List<List<String>> rows = new ArrayList<>();
        for (String topic : List.of("samples", "rejections")) {
            List<String> files = keys.stream()
                    .filter(key -> key.startsWith("data/" + topic))
                    .map(key -> "'" + root.resolve(key) + "'")
                    .toList();
            rows.addAll(DuckDb.query("SELECT * FROM read_parquet([" + String.join(",", files) + "]) ORDER BY "
                    + (topic.equals("samples") ? "sample_id" : "slot_id")));
        }
        rows.replaceAll(row -> row.stream().map(CompactionTest::sortedCriteria).toList());
        return rows;
    }

    /** The order of a map's entries is that of the process that wrote it. */
    private static String sortedCriteria(String text) {
        return text.replaceAll("\\{safety=([0-9.]+), helpfulness=([0-9.]+)\\}", "{helpfulness=$2, safety=$1}");
    }

    private List<List<String>> released(String version) {
        return DuckDb.query("SELECT sample_id, messages, judge_min FROM '" + dataset.folder() + "/releases/" + version
                + "/raw/*/*.parquet'");
    }

    private void release(String name) throws IOException {
        assertThat(Release.make(
                        dataset.dataset(), new ReleaseSettings(name, List.of(View.RAW), 2), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private void assertVerified() throws IOException {
        Verification.Result result = Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system());
        assertThat(result.problems())
                .as("except the specification, which was not stored")
                .allSatisfy(problem -> assertThat(problem.key()).startsWith("specs/"));
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                .toList();
    }

    private static final class Rows implements DatasetFollower.RowHandler {
        private final List<String> ids = new ArrayList<>();
        private final int most;
        private FollowCursor.RowPosition last = new FollowCursor.RowPosition("", 0, 0, 0, "");

        Rows(int most) {
            this.most = most;
        }

        @Override
        public boolean onRow(FollowCursor.RowPosition position, IndexedRecord row) {
            ids.add(String.valueOf(row.get(0)));
            last = position;
            return ids.size() < most;
        }

        @Override
        public void onCommit(FollowCursor cursor, long rows) {}
    }
}

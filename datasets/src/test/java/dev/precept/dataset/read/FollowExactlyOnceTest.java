package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.read.DatasetFollower.Query;
import dev.precept.dataset.release.SplitAssigner;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower that is stopped anywhere and resumed from its cursor delivers every sample exactly once. */
class FollowExactlyOnceTest {
    private static final Query SFT = new Query(View.SFT, Split.TRAIN, 0);
    private static final int SAMPLES = 48;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void begin() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
    }

    /** A trainer that stores the last cursor and stops after a number of rows. */
    private static final class ResumingReader implements DatasetFollower.RowHandler {
        private final List<String> rows = new ArrayList<>();
        private Optional<String> cursor = Optional.empty();
        private Optional<FollowCursor.RowPosition> at = Optional.empty();
        private int patience = Integer.MAX_VALUE;

        @Override
        public boolean onRow(FollowCursor.RowPosition rowPosition, IndexedRecord row) {
            if (patience-- <= 0) {
                return false;
            }
            rows.add(row.get(0).toString());
            at = Optional.of(rowPosition);
            return true;
        }

        @Override
        public void onCommit(FollowCursor next, long count) {
            cursor = Optional.of(next.toString());
            at = Optional.empty();
        }

        Optional<FollowCursor> goOn() {
            return cursor.map(text -> FollowCursor.parse(
                    text + at.map(rowPosition -> "+" + rowPosition).orElse("")));
        }
    }

    @Test
    void everySampleIsDeliveredOnceAcrossRestarts() throws Exception {
        long seed = Seed.choose(FollowExactlyOnceTest.class);
        RandomGenerator random = Seed.random(seed);
        ResumingReader resumingReader = new ResumingReader();
        resumingReader.cursor = Optional.of(follow(Optional.empty()).cursor().toString());
        int committed = 0;
        boolean ended = false;
        for (int stops = 0; !ended; stops++) {
            assertThat(stops).as("seed %d", seed).isLessThan(10_000);
            if (committed < SAMPLES && random.nextInt(3) == 0) {
                int to = Math.min(SAMPLES, committed + 1 + random.nextInt(9));
                dataset.samples(random.nextInt(CommittedDataset.PARTITIONS), samples(committed, to));
                committed = to;
                if (committed == SAMPLES) {
                    dataset.complete();
                }
            }
            DatasetFollower datasetFollower = follow(resumingReader.goOn());
            resumingReader.patience = random.nextInt(6);
            boolean more = true;
            while (more && resumingReader.patience > 0) {
                more = datasetFollower.poll(resumingReader);
            }
            ended = datasetFollower.isComplete();
        }
        assertThat(resumingReader.rows)
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        samples(0, SAMPLES).stream().map(Sample::getSampleId).toList());
    }

    @Test
    void noSampleIsSkippedAfterAPurgeOfTheCurrentCommit() throws Exception {
        List<Sample> samples = samples(0, 4);
        dataset.samples(0, samples);
        ResumingReader resumingReader = new ResumingReader();
        resumingReader.cursor = Optional.of(follow(Optional.empty()).cursor().toString());
        resumingReader.patience = 2;
        follow(resumingReader.goOn()).poll(resumingReader);
        assertThat(resumingReader.rows).hasSize(2);

        String gone = resumingReader.rows.getFirst();
        Purge.execute(
                dataset.dataset(),
                new RowSelector.BySample(Set.of(gone), Set.of()),
                "a person asked for it",
                folder.resolve("drafts"));
        resumingReader.patience = Integer.MAX_VALUE;
        follow(resumingReader.goOn()).poll(resumingReader);

        assertThat(resumingReader.rows)
                .containsAll(samples.stream().map(Sample::getSampleId).toList());
        List<String> again = resumingReader.rows.subList(2, resumingReader.rows.size());
        assertThat(again).hasSize(3).doesNotContain(gone);

        ResumingReader later = new ResumingReader();
        later.cursor = Optional.of(follow(Optional.empty()).cursor().toString());
        for (int taken = 0; taken < 3; taken++) {
            later.patience = 1;
            follow(later.goOn()).poll(later);
        }
        assertThat(later.rows).as("one at a time, from the rewritten file").isEqualTo(again);
    }

    @Test
    void theFollowerIsCompleteUntilANewRunStarts() throws Exception {
        dataset.samples(0, samples(0, 3));
        DatasetFollower datasetFollower = follow(Optional.empty());
        ResumingReader resumingReader = new ResumingReader();
        assertThat(datasetFollower.poll(resumingReader)).isTrue();
        assertThat(datasetFollower.poll(resumingReader)).isFalse();
        assertThat(datasetFollower.isComplete()).isFalse();

        dataset.complete("samples", 0);
        datasetFollower.poll(resumingReader);
        assertThat(datasetFollower.isComplete()).isFalse();
        dataset.complete("samples", 1);
        datasetFollower.poll(resumingReader);
        assertThat(datasetFollower.isComplete()).isTrue();
        DatasetFollower again = follow(resumingReader.goOn());
        assertThat(again.isComplete()).as("the cursor has the completed runs").isTrue();
        assertThat(again.poll(resumingReader)).isFalse();

        dataset.dataset().register("run-2", "{}", Map.of("samples", "topic-2", "rejections", "topic-3"));
        assertThat(again.poll(resumingReader)).isFalse();
        assertThat(again.isComplete()).isFalse();
        assertThat(resumingReader.rows).hasSize(3);
    }

    @Test
    void rowsHaveTheSplitOfARelease() throws Exception {
        dataset.samples(0, samples(0, SAMPLES));
        List<String> rows = new ArrayList<>();
        for (Split split : Split.values()) {
            ResumingReader resumingReader = new ResumingReader();
            DatasetFollower.open(dataset.dataset(), new Query(View.RAW, split, 0.3), Optional.empty())
                    .poll(resumingReader);
            assertThat(resumingReader.rows).hasSizeBetween(1, SAMPLES - 1);
            rows.addAll(resumingReader.rows);
        }
        assertThat(rows).hasSize(SAMPLES).doesNotHaveDuplicates();
        SplitAssigner splitAssigner = new SplitAssigner(0.3);
        long held = samples(0, SAMPLES).stream()
                .filter(sample -> splitAssigner.splitOf(sample.getPromptId()) == Split.VALIDATION)
                .count();
        ResumingReader validation = new ResumingReader();
        DatasetFollower.open(dataset.dataset(), new Query(View.SFT, Split.VALIDATION, 0.3), Optional.empty())
                .poll(validation);
        assertThat(validation.rows).hasSize((int) held);
    }

    @Test
    void aCursorOfAnotherPositionIsRefusedInOneLine() throws Exception {
        dataset.samples(0, samples(0, 5));
        dataset.samples(0, samples(5, 9));
        ResumingReader resumingReader = new ResumingReader();
        DatasetFollower datasetFollower = follow(Optional.empty());
        datasetFollower.poll(resumingReader);
        FollowCursor.Vector vector = datasetFollower.cursor().vector();
        CommittedDataset other = new CommittedDataset(folder.resolve("other"), folder.resolve("spool"));
        assertThatThrownBy(() -> DatasetFollower.open(other.dataset(), SFT, Optional.of(datasetFollower.cursor())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "the cursor is of dataset " + dataset.dataset().id());

        for (List<Long> offsets : List.of(List.of(4L, 0L), List.of(0L, 1L), List.of(99L, 0L), List.of(5L))) {
            FollowCursor.Vector moved =
                    new FollowCursor.Vector(vector.dataset(), Map.of("topic-s", offsets), vector.completed());
            unknown(new FollowCursor(moved, Optional.empty()));
        }
        for (FollowCursor.RowPosition rowPosition : List.of(
                new FollowCursor.RowPosition("topic-s", 0, 5, 4, ""),
                new FollowCursor.RowPosition("topic-s", 0, 0, 0, ""),
                new FollowCursor.RowPosition("topic-s", 1, 0, 0, ""),
                new FollowCursor.RowPosition("topic-s", 7, 5, 0, ""),
                new FollowCursor.RowPosition("topic-x", 0, 5, 0, ""))) {
            unknown(new FollowCursor(vector, Optional.of(rowPosition)));
        }
        String text = datasetFollower.cursor().toString();
        for (String broken : List.of("", "v1/sft/train/0:1", "f2.", "f2.e30", text.substring(0, 30), text + "+1:2")) {
            assertThatThrownBy(() -> FollowCursor.parse(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cursor of --follow");
        }
        assertThat(FollowCursor.parse(text).toString()).isEqualTo(text);
    }

    private void unknown(FollowCursor cursor) {
        assertThatThrownBy(() -> follow(Optional.of(cursor)).poll(new ResumingReader()))
                .as("%s", cursor)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no commit of this dataset is at");
    }

    @Test
    void aFileThatDoesNotMatchItsCommitDeliversNoRow() throws Exception {
        dataset.samples(0, samples(0, 5));
        Path file = dataset.folder().resolve(dataset.store().list("data/").getFirst());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        ResumingReader resumingReader = new ResumingReader();
        assertThatThrownBy(() -> follow(Optional.empty()).poll(resumingReader))
                .isInstanceOf(Pull.CorruptFileException.class)
                .hasMessageContaining("its commit names");
        assertThat(resumingReader.rows).isEmpty();
    }

    @Test
    void aViewWhoseRowsNeedMoreThanOneSampleIsRefused() {
        for (View view : List.of(View.PREFERENCE, View.RL)) {
            assertThatThrownBy(() -> new Query(view, Split.TRAIN, 0))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("cannot be followed");
        }
    }

    private DatasetFollower follow(Optional<FollowCursor> from) throws IOException {
        return DatasetFollower.open(dataset.dataset(), SFT, from);
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to).mapToObj(NeutralRows::sample).toList();
    }
}

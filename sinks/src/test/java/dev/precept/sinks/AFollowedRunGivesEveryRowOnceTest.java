package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.Sample;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.Follow.Wanted;
import dev.precept.sinks.read.FollowCursor;
import dev.precept.sinks.view.Split;
import dev.precept.sinks.view.View;
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

/** Whoever follows a run, stops anywhere and goes on from what was printed, has every kept sample once. */
class AFollowedRunGivesEveryRowOnceTest {
    private static final Wanted SFT = new Wanted(View.SFT, Split.TRAIN, 0);
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

    /** A trainer: it keeps what was printed last, and stops after so many rows. */
    private static final class Trainer implements Follow.Taker {
        private final List<String> rows = new ArrayList<>();
        private Optional<String> cursor = Optional.empty();
        private Optional<FollowCursor.Place> at = Optional.empty();
        private int patience = Integer.MAX_VALUE;

        @Override
        public boolean row(FollowCursor.Place place, IndexedRecord row) {
            if (patience-- <= 0) {
                return false;
            }
            rows.add(row.get(0).toString());
            at = Optional.of(place);
            return true;
        }

        @Override
        public void commit(FollowCursor next, long count) {
            cursor = Optional.of(next.toString());
            at = Optional.empty();
        }

        Optional<FollowCursor> goOn() {
            return cursor.map(text ->
                    FollowCursor.parse(text + at.map(place -> "+" + place).orElse("")));
        }
    }

    @Test
    void whereverItStopsAndHoweverTheCommitsCome() throws Exception {
        long seed = Seed.of(AFollowedRunGivesEveryRowOnceTest.class);
        RandomGenerator random = Seed.random(seed);
        Trainer trainer = new Trainer();
        trainer.cursor = Optional.of(follow(Optional.empty()).cursor().toString());
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
            Follow follow = follow(trainer.goOn());
            trainer.patience = random.nextInt(6);
            boolean more = true;
            while (more && trainer.patience > 0) {
                more = follow.look(trainer);
            }
            ended = follow.complete();
        }
        assertThat(trainer.rows)
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        samples(0, SAMPLES).stream().map(Sample::getSampleId).toList());
    }

    @Test
    void andPassesOverNoneIfOthersOfItsCommitWerePurgedMeanwhile() throws Exception {
        List<Sample> samples = samples(0, 4);
        dataset.samples(0, samples);
        Trainer trainer = new Trainer();
        trainer.cursor = Optional.of(follow(Optional.empty()).cursor().toString());
        trainer.patience = 2;
        follow(trainer.goOn()).look(trainer);
        assertThat(trainer.rows).hasSize(2);

        String gone = trainer.rows.getFirst();
        Purge.of(
                dataset.dataset(),
                new Which.Samples(Set.of(gone), Set.of()),
                "a person asked for it",
                folder.resolve("drafts"));
        trainer.patience = Integer.MAX_VALUE;
        follow(trainer.goOn()).look(trainer);

        assertThat(trainer.rows)
                .containsAll(samples.stream().map(Sample::getSampleId).toList());
        List<String> again = trainer.rows.subList(2, trainer.rows.size());
        assertThat(again).hasSize(3).doesNotContain(gone);

        Trainer later = new Trainer();
        later.cursor = Optional.of(follow(Optional.empty()).cursor().toString());
        for (int taken = 0; taken < 3; taken++) {
            later.patience = 1;
            follow(later.goOn()).look(later);
        }
        assertThat(later.rows).as("one at a time, of the file as it is now").isEqualTo(again);
    }

    @Test
    void itIsCompleteWhenEveryChainHoldsTheLastRecordOfEveryRunAndGoesOnWithANewRun() throws Exception {
        dataset.samples(0, samples(0, 3));
        Follow follow = follow(Optional.empty());
        Trainer trainer = new Trainer();
        assertThat(follow.look(trainer)).isTrue();
        assertThat(follow.look(trainer)).isFalse();
        assertThat(follow.complete()).isFalse();

        dataset.complete("samples", 0);
        follow.look(trainer);
        assertThat(follow.complete()).isFalse();
        dataset.complete("samples", 1);
        follow.look(trainer);
        assertThat(follow.complete()).isTrue();
        Follow again = follow(trainer.goOn());
        assertThat(again.complete()).as("a cursor remembers what ended").isTrue();
        assertThat(again.look(trainer)).isFalse();

        dataset.dataset().register("run-2", "{}", Map.of("samples", "topic-2", "rejections", "topic-3"));
        assertThat(again.look(trainer)).isFalse();
        assertThat(again.complete()).isFalse();
        assertThat(trainer.rows).hasSize(3);
    }

    @Test
    void aSideIsWhereAReleaseWouldPutIt() throws Exception {
        dataset.samples(0, samples(0, SAMPLES));
        List<String> rows = new ArrayList<>();
        for (Split split : Split.values()) {
            Trainer trainer = new Trainer();
            Follow.of(dataset.dataset(), new Wanted(View.RAW, split, 0.3), Optional.empty())
                    .look(trainer);
            assertThat(trainer.rows).hasSizeBetween(1, SAMPLES - 1);
            rows.addAll(trainer.rows);
        }
        assertThat(rows).hasSize(SAMPLES).doesNotHaveDuplicates();
        Splits splits = new Splits(0.3);
        long held = samples(0, SAMPLES).stream()
                .filter(sample -> splits.of(sample.getPromptId()) == Split.VALIDATION)
                .count();
        Trainer validation = new Trainer();
        Follow.of(dataset.dataset(), new Wanted(View.SFT, Split.VALIDATION, 0.3), Optional.empty())
                .look(validation);
        assertThat(validation.rows).hasSize((int) held);
    }

    @Test
    void aCursorOfAnotherPlaceIsRefusedInOneLine() throws Exception {
        dataset.samples(0, samples(0, 5));
        dataset.samples(0, samples(5, 9));
        Trainer trainer = new Trainer();
        Follow follow = follow(Optional.empty());
        follow.look(trainer);
        FollowCursor.Vector vector = follow.cursor().vector();
        CommittedDataset other = new CommittedDataset(folder.resolve("other"), folder.resolve("spool"));
        assertThatThrownBy(() -> Follow.of(other.dataset(), SFT, Optional.of(follow.cursor())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "the cursor is of dataset " + dataset.dataset().id());

        for (List<Long> offsets : List.of(List.of(4L, 0L), List.of(0L, 1L), List.of(99L, 0L), List.of(5L))) {
            FollowCursor.Vector moved =
                    new FollowCursor.Vector(vector.dataset(), Map.of("topic-s", offsets), vector.completed());
            unknown(new FollowCursor(moved, Optional.empty()));
        }
        for (FollowCursor.Place place : List.of(
                new FollowCursor.Place("topic-s", 0, 5, 4, ""),
                new FollowCursor.Place("topic-s", 0, 0, 0, ""),
                new FollowCursor.Place("topic-s", 1, 0, 0, ""),
                new FollowCursor.Place("topic-s", 7, 5, 0, ""),
                new FollowCursor.Place("topic-x", 0, 5, 0, ""))) {
            unknown(new FollowCursor(vector, Optional.of(place)));
        }
        String text = follow.cursor().toString();
        for (String broken : List.of("", "v1/sft/train/0:1", "f1.", "f1.e30", text.substring(0, 30), text + "+1:2")) {
            assertThatThrownBy(() -> FollowCursor.parse(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cursor of --follow");
        }
        assertThat(FollowCursor.parse(text).toString()).isEqualTo(text);
    }

    private void unknown(FollowCursor cursor) {
        assertThatThrownBy(() -> follow(Optional.of(cursor)).look(new Trainer()))
                .as("%s", cursor)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no commit of this dataset is at");
    }

    @Test
    void aFileThatIsNotWhatItsCommitNamesGivesNoRow() throws Exception {
        dataset.samples(0, samples(0, 5));
        Path file = dataset.folder().resolve(dataset.store().list("data/").getFirst());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Trainer trainer = new Trainer();
        assertThatThrownBy(() -> follow(Optional.empty()).look(trainer))
                .isInstanceOf(Pull.Damaged.class)
                .hasMessageContaining("its commit names");
        assertThat(trainer.rows).isEmpty();
    }

    @Test
    void aViewWhoseRowsNeedMoreThanOneSampleIsRefused() {
        for (View view : List.of(View.PREFERENCE, View.RL)) {
            assertThatThrownBy(() -> new Wanted(view, Split.TRAIN, 0))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("cannot be followed");
        }
    }

    private Follow follow(Optional<FollowCursor> from) throws IOException {
        return Follow.of(dataset.dataset(), SFT, from);
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to).mapToObj(RowsOfTests::sample).toList();
    }
}

package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.View;
import dev.precept.records.Generator;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.ContentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreferencePairsTest {
    private static final String PAIR =
            "SELECT chosen[1]->>'content', rejected[1]->>'content', score_chosen, score_rejected FROM '";

    @TempDir
    private Path folder;

    @Test
    void theBestSampleIsPairedWithTheWorstAttempt() throws IOException {
        Path files = released(
                3,
                List.of(NeutralRows.sample(1, 0, 8), NeutralRows.sample(1, 1, 10), NeutralRows.sample(1, 2, 9)),
                List.of(
                        NeutralRows.attempt(1, 0, 1, 4),
                        NeutralRows.attempt(1, 3, 2, 2),
                        NeutralRows.attempt(1, 3, 3, 7)));
        assertThat(DuckDb.one(PAIR + files + "'")).containsExactly("Answer 1", "Bad answer 2", "10.0", "2.0");
        assertThat(DuckDb.one("SELECT slot_chosen, slot_rejected, attempt_rejected FROM '" + files + "'"))
                .containsExactly("1", "3", "2");
    }

    @Test
    void aPairIsTrlsConversationalPreferenceWithItsReasoning() throws IOException {
        Path files = released(3, List.of(NeutralRows.sample(1, 0, 9)), List.of(NeutralRows.attempt(1, 1, 1, 3)));
        assertThat(DuckDb.one(
                        "SELECT len(prompt), prompt[1]->>'role', prompt[2]->>'role', prompt[2]->>'content', len(chosen), "
                                + "chosen[1]->>'role', chosen[1]->>'reasoning_content', len(rejected), rejected[1]->>'role', "
                                + "rejected[1]->>'reasoning_content', prompt_id, category[2] FROM '" + files + "'"))
                .containsExactly(
                        "2",
                        "developer",
                        "user",
                        "Question 1?",
                        "1",
                        "assistant",
                        "Thought 0",
                        "1",
                        "assistant",
                        "Bad thought 1",
                        Sha256.hex("prompt 1"),
                        "violence");
    }

    @Test
    void samplesWithinTheGapAreNotPaired() throws IOException {
        List<Sample> samples =
                List.of(NeutralRows.sample(1, 0, 8), NeutralRows.sample(2, 0, 8), NeutralRows.sample(3, 0, 8));
        List<Rejection> attempts = List.of(NeutralRows.attempt(1, 1, 1, 5.5), NeutralRows.attempt(2, 1, 1, 5));
        assertThat(DuckDb.query("SELECT prompt_id FROM '" + released(3, samples, attempts) + "'"))
                .containsExactly(List.of(Sha256.hex("prompt 2")));
    }

    @Test
    void twoKeptSamplesFarEnoughApartArePaired() throws IOException {
        Path files = released(2, List.of(NeutralRows.sample(1, 0, 8), NeutralRows.sample(1, 1, 10)), List.of());
        assertThat(DuckDb.one(PAIR + files + "'")).containsExactly("Answer 1", "Answer 0", "10.0", "8.0");
    }

    @Test
    void aRejectedAttemptIsNeverChosen() throws IOException {
        Path files = released(
                3,
                List.of(NeutralRows.sample(1, 0, 8)),
                List.of(
                        NeutralRows.attempt(1, 1, 1, 9.5),
                        NeutralRows.attempt(2, 0, 1, 7),
                        NeutralRows.attempt(2, 0, 2, 1)));
        assertThat(files.resolve("../..").normalize()).doesNotExist();
    }

    @Test
    void anAttemptWithoutAnswerOrVoteIsNotPaired() throws IOException {
        Rejection attempt = NeutralRows.attempt(1, 1, 1, 1);
        Rejection silent = Rejection.newBuilder(attempt).setAnswer(null).build();
        Rejection unjudged = Rejection.newBuilder(NeutralRows.attempt(1, 1, 2, 1))
                .setJudge(null)
                .setJudgeMin(null)
                .build();
        Path files = released(
                3, List.of(NeutralRows.sample(1, 0, 10)), List.of(silent, unjudged, NeutralRows.attempt(1, 1, 3, 5)));
        assertThat(DuckDb.one(PAIR + files + "'")).containsExactly("Answer 0", "Bad answer 3", "10.0", "5.0");
    }

    @Test
    void anAttemptWhoseToolCallIsNotRecordedIsNotPaired() throws IOException {
        Rejection attempt = NeutralRows.attempt(1, 1, 1, 1);
        Generator calling = Generator.newBuilder(attempt.getGenerator())
                .setFinishReason("tool_calls")
                .build();
        Rejection called = Rejection.newBuilder(attempt).setGenerator(calling).build();
        Path files =
                released(3, List.of(NeutralRows.sample(1, 0, 10)), List.of(called, NeutralRows.attempt(1, 1, 3, 5)));
        assertThat(DuckDb.one(PAIR + files + "'")).containsExactly("Answer 0", "Bad answer 3", "10.0", "5.0");
    }

    @Test
    void equalTextWithTwoScoresIsNotPaired() throws IOException {
        Rejection same = Rejection.newBuilder(NeutralRows.attempt(1, 1, 1, 1))
                .setReasoning("Thought 0")
                .setAnswer("Answer 0")
                .build();
        Sample kept = NeutralRows.sample(1, 0, 10);
        kept.getDedup().setContentHash(ContentId.ofSample(kept.getMessages(), kept.getTools()));
        Path files = released(3, List.of(kept), List.of(same));
        assertThat(files.resolve("../..").normalize()).doesNotExist();
    }

    @Test
    void samplesOfTwoRunsAreNotPaired() throws IOException {
        Rejection other = Rejection.newBuilder(NeutralRows.attempt(1, 1, 1, 1))
                .setRunId("run-2")
                .build();
        Path files = released(3, List.of(NeutralRows.sample(1, 0, 10)), List.of(other));
        assertThat(files.resolve("../..").normalize()).doesNotExist();
    }

    @Test
    void anAttemptCommittedTwiceFailsAndIsNamed() {
        Rejection attempt = NeutralRows.attempt(1, 1, 1, 2);
        assertThatThrownBy(() -> released(3, List.of(NeutralRows.sample(1, 0, 9)), List.of(attempt, attempt)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("attempt 1 at slot 1 of prompt " + Sha256.hex("prompt 1"))
                .hasMessageContaining("is committed twice");
        assertThat(folder.resolve("dataset/releases/v1/manifest.json")).doesNotExist();
    }

    @Test
    void pairsAndPromptsDoNotDependOnTheCommits() throws IOException {
        List<Sample> samples = new ArrayList<>();
        List<Rejection> attempts = new ArrayList<>();
        for (int n = 0; n < 41; n++) {
            samples.add(NeutralRows.sample(n, 0, 9));
            samples.add(NeutralRows.sample(n, 1, 9));
            attempts.add(NeutralRows.attempt(n, 2, 1, 3));
            attempts.add(NeutralRows.attempt(n, 2, 2, 3));
        }
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.PREFERENCE, View.RL), 4, 0.3, 3);
        CommittedDataset orderly = dataset("orderly", samples, attempts, settings);
        Random random = new Random(dev.precept.testkit.Seed.choose(getClass()));
        Collections.shuffle(samples, random);
        Collections.shuffle(attempts, random);
        CommittedDataset mixed = dataset("mixed", samples, attempts, settings);
        for (View view : settings.views()) {
            for (String split : List.of("train", "validation")) {
                List<Long> rows = new ArrayList<>();
                for (int shard = 0; shard < 4; shard++) {
                    String file = String.format(
                            Locale.ROOT,
                            "releases/v1/%1$s/%2$s/%2$s-%3$05d-of-00004.parquet",
                            view.label(),
                            split,
                            shard);
                    assertThat(mixed.folder().resolve(file))
                            .hasSameBinaryContentAs(orderly.folder().resolve(file));
                    rows.add(Long.parseLong(
                            DuckDb.one("SELECT count(*) FROM '" + mixed.folder().resolve(file) + "'")
                                    .getFirst()));
                }
                assertThat(Collections.max(rows) - Collections.min(rows)).isLessThanOrEqualTo(1);
            }
            Path all = mixed.folder().resolve("releases/v1/" + view.label() + "/*/*.parquet");
            assertThat(DuckDb.one("SELECT count(*) FROM '" + all + "'")).containsExactly("41");
        }
        Path train = mixed.folder().resolve("releases/v1/preference/train/*.parquet");
        List<List<String>> ids = DuckDb.query("SELECT prompt_id FROM read_parquet('" + train + "') ");
        assertThat(ids.stream().map(List::getFirst).toList()).isSorted();
    }

    @Test
    void rlHasEachPromptOnceWithItsIndexInTheSplit() throws IOException {
        List<Sample> samples = IntStream.range(0, 10)
                .boxed()
                .flatMap(n -> List.of(NeutralRows.sample(n, 0, 9), NeutralRows.sample(n, 1, 8)).stream())
                .toList();
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.RL), 2);
        CommittedDataset dataset = dataset("dataset", samples, List.of(), settings);
        Path files = dataset.folder().resolve("releases/v1/rl/*/*.parquet");
        assertThat(DuckDb.query("SELECT extra_info.\"index\" FROM '" + files + "'").stream()
                        .map(List::getFirst))
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(String::valueOf).toList());
        assertThat(DuckDb.one("SELECT data_source, len(prompt), prompt[2]->>'content', ability, reward_model.style, "
                        + "reward_model.ground_truth, extra_info.split, extra_info.category[1], "
                        + "extra_info.spec_version, extra_info.spec_excerpt_sha256 FROM '" + files
                        + "' WHERE extra_info.prompt_id = '" + Sha256.hex("prompt 4") + "'"))
                .containsExactly(
                        "prompts.jsonl",
                        "2",
                        "Question 4?",
                        "safety",
                        "model",
                        "harmless",
                        "train",
                        "privacy",
                        "spec-1",
                        Sha256.hex("excerpt"));
    }

    private Path released(double gap, List<Sample> samples, List<Rejection> attempts) throws IOException {
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT, View.PREFERENCE), 2, 0, gap);
        return dataset("dataset", samples, attempts, settings).folder().resolve("releases/v1/preference/*/*.parquet");
    }

    private CommittedDataset dataset(
            String name, List<Sample> samples, List<Rejection> attempts, ReleaseSettings settings) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve(name), folder.resolve("spool-" + name));
        int half = samples.size() / 2;
        dataset.samples(0, samples.subList(0, half));
        dataset.samples(1, samples.subList(half, samples.size()));
        dataset.rejections(1, attempts);
        dataset.complete();
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        return dataset;
    }
}

package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.view.View;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Source;
import dev.precept.records.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code rl_unkept} the view rl has the prompts that no sample is kept of, without those that must not return. */
final class UnkeptPromptsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** An attempt that gave nothing that could be judged. */
    private static Rejection failed(int n, Reason reason) {
        return Rejection.newBuilder(NeutralRows.plain(NeutralRows.attempt(n, 0, 1, 2)))
                .setReason(reason)
                .setStage(Stage.GENERATION)
                .setReasoning(null)
                .setAnswer(null)
                .setJudge(null)
                .setJudgeMin(null)
                .setGenerator(null)
                .setCreatedAt(null)
                .build();
    }

    /** The end of a slot, which repeats the number of its last attempt. */
    private static Rejection end(Rejection attempt) {
        return Rejection.newBuilder(attempt)
                .setTerminal(true)
                .setReasoning(null)
                .setAnswer(null)
                .setJudge(null)
                .setJudgeMin(null)
                .build();
    }

    private CommittedDataset dataset() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        List<Sample> samples = new ArrayList<>();
        IntStream.range(0, 4).forEach(n -> samples.add(NeutralRows.plain(NeutralRows.sample(n, 0, 9))));
        samples.add(NeutralRows.plain(NeutralRows.sample(4, 0, 5))); // below the threshold
        samples.add(NeutralRows.plain(NeutralRows.sample(5, 0, 9))); // withdrawn
        dataset.samples(0, samples);
        List<Rejection> rejections = new ArrayList<>();
        rejections.add(failed(3, Reason.TRUNCATED)); // another slot of it is kept
        rejections.add(failed(6, Reason.TRUNCATED));
        rejections.add(end(failed(6, Reason.TRUNCATED)));
        rejections.add(NeutralRows.plain(NeutralRows.attempt(7, 0, 1, 2)));
        rejections.add(end(NeutralRows.plain(NeutralRows.attempt(7, 0, 1, 2))));
        rejections.add(failed(8, Reason.TRUNCATED));
        rejections.add(failed(8, Reason.PROVIDER_REFUSED));
        rejections.add(NeutralRows.plain(NeutralRows.attempt(9, 0, 1, 2)));
        rejections.add(Rejection.newBuilder(end(failed(9, Reason.CONTAMINATED)))
                .setAttempt(null)
                .build()); // in another run, whose recipe names evaluation sets
        rejections.add(Rejection.newBuilder(end(failed(10, Reason.DUPLICATE_PROMPT)))
                .setAttempt(null)
                .build()); // never tried
        Rejection foreign = failed(11, Reason.TRUNCATED);
        foreign.setSource(
                Source.newBuilder(foreign.getSource()).setName("foreign").build());
        rejections.add(foreign);
        dataset.rejections(1, rejections);
        dataset.complete();
        Withdrawal.record(dataset.dataset(), "not ours", new RowSelector.BySource("foreign"));
        Withdrawal.record(
                dataset.dataset(),
                "subject asked",
                new RowSelector.BySample(Set.of(NeutralRows.sample(5, 0, 9).getSampleId()), Set.of()));
        return dataset;
    }

    private static ReleaseSettings settings(String name, boolean unkept) {
        return new ReleaseSettings(name, List.of(View.SFT, View.RL), 3, 3, 0, 3, Optional.of(7.0), List.of())
                .withRows(new Manifest.RowOptions(false, unkept));
    }

    private static List<String> prompts(CommittedDataset dataset, String version) {
        return DuckDb.query("SELECT extra_info.prompt_id FROM '" + dataset.folder() + "/releases/" + version
                        + "/rl/*/*.parquet'")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    private static String[] ids(int... numbers) {
        return IntStream.of(numbers).mapToObj(n -> Sha256.hex("prompt " + n)).toArray(String[]::new);
    }

    @Test
    void promptsThatWereTriedWithoutSuccessAreGivenOnWish() throws IOException {
        CommittedDataset dataset = dataset();
        Release.make(dataset.dataset(), settings("v1", false), folder.resolve("drafts"));
        assertThat(prompts(dataset, "v1")).containsExactlyInAnyOrder(ids(0, 1, 2, 3));
        Release.make(dataset.dataset(), settings("v2", true), folder.resolve("drafts"));
        assertThat(prompts(dataset, "v2"))
                .containsExactlyInAnyOrder(ids(0, 1, 2, 3, 4, 6, 7))
                .isSorted();
        assertThat(DuckDb.one("SELECT prompt[2].content, label, reward_model.ground_truth FROM '" + dataset.folder()
                        + "/releases/v2/rl/*/*.parquet' WHERE extra_info.prompt_id = '" + ids(7)[0] + "'"))
                .first()
                .isEqualTo("Question 7?");
        assertThat(dataset.manifest("v2").at("/recipe/rl_unkept").booleanValue())
                .isTrue();
        assertThat(dataset.manifest("v1").at("/recipe").has("rl_unkept")).isFalse();
        assertThat(dataset.manifest("v2").at("/rows").intValue()).isEqualTo(4);
    }

    @Test
    void severalProcessesWriteTheBytesOfOne() throws IOException {
        CommittedDataset dataset = dataset();
        Release.make(dataset.dataset(), settings("v1", true), folder.resolve("drafts"));
        for (int share = 2; share >= 0; share--) {
            Release.make(
                    dataset.dataset(),
                    settings("v2", true),
                    new ReleaseWork(folder.resolve("range-" + share), 1L << 30, share, 3, _ -> {}));
        }
        assertThat(files(dataset, "v2")).isNotEmpty().isEqualTo(files(dataset, "v1"));
    }

    @Test
    void aPurgeReachesThePromptOfAnAttemptWithoutAnswer() throws IOException {
        CommittedDataset dataset = dataset();
        Release.make(dataset.dataset(), settings("v1", true), folder.resolve("drafts"));
        Release.make(dataset.dataset(), settings("v2", false), folder.resolve("drafts"));
        String id = RejectedAttempts.sampleId(failed(6, Reason.TRUNCATED)).orElseThrow();
        Purge.Outcome outcome = Purge.execute(
                dataset.dataset(),
                new RowSelector.BySample(Set.of(id), Set.of()),
                "subject asked",
                folder.resolve("drafts"));
        assertThat(outcome.versions()).containsKey("v1");
        String replacement =
                outcome.versions().getOrDefault("v1", Optional.empty()).orElseThrow();
        assertThat(prompts(dataset, replacement)).containsExactlyInAnyOrder(ids(0, 1, 2, 3, 4, 7));
    }

    private static Map<String, String> files(CommittedDataset dataset, String version) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String key : dataset.store().list("releases/" + version + "/rl/")) {
            files.put(
                    key.substring(("releases/" + version).length()),
                    Sha256.hex(dataset.store().fetch(key)));
        }
        return files;
    }
}

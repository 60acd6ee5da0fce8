package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReleaseThresholdTest {
    private static final List<View> VIEWS = List.of(View.SFT, View.PREFERENCE, View.RAW);

    @TempDir
    private Path folder;

    @Test
    void aHigherThresholdDropsSamplesBelowIt() throws IOException {
        CommittedDataset dataset = committed(Map.of("judge.votes", "1"), List.of());
        JsonNode v2 = from(dataset, at(9));
        assertThat(scores(dataset, "v2")).containsExactly("9.0", "9.0", "10.0", "10.0");
        assertThat(v2.path("from").asText()).isEqualTo("v1");
        assertThat(v2.path("recipe").path("threshold").asDouble()).isEqualTo(9);
        assertThat(v2.path("removed").path("below_threshold").path("count").asInt())
                .isEqualTo(2);
        assertThat(v2.path("brought_in").asInt()).isZero();
        assertThat(v2.path("offsets")).isEqualTo(dataset.manifest("v1").path("offsets"));
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), java.time.InstantSource.system())
                        .problems())
                .allSatisfy(problem -> assertThat(problem.key()).startsWith("specs/")); // not stored in this dataset
    }

    @Test
    void aSampleBelowTheThresholdMayBeTheWorseOneOfAPair() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, List.of(NeutralRows.sample(1, 0, 8), NeutralRows.sample(1, 1, 10)));
        dataset.complete();
        release(dataset, new ReleaseSettings("v1", VIEWS, 1, 0, 2));
        from(dataset, new ReleaseSettings("v2", VIEWS, 1, 1, 0, 2, Optional.of(9.0), List.of()));
        assertThat(DuckDb.one("SELECT score_chosen, score_rejected FROM '" + files(dataset, "v2", "preference") + "'"))
                .containsExactly("10.0", "8.0");
    }

    @Test
    void aDerivedVersionReadsOnlyTheCommitsOfItsOrigin() throws IOException {
        CommittedDataset dataset = committed(Map.of("judge.votes", "1"), List.of());
        dataset.samples(0, List.of(NeutralRows.sample(50, 0, 10)));
        dataset.dataset().register("run-2", "{}", Map.of("samples", "topic-s2", "rejections", "topic-r2"));
        assertThat(Release.make(dataset.dataset(), at(9), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Incomplete.class);
        JsonNode v2 = from(dataset, new ReleaseSettings("v2", VIEWS, 2));
        JsonNode v1 = dataset.manifest("v1");
        for (String same : List.of("rows", "offsets", "runs", "histograms", "splits", "rejected", "views", "recipe")) {
            assertThat(v2.path(same)).as(same).isEqualTo(v1.path(same));
        }
    }

    @Test
    void aLowerThresholdLetsInTheBestAttemptOfASlotWithoutASample() throws IOException {
        List<Rejection> attempts = List.of(
                NeutralRows.attempt(7, 0, 1, 5),
                NeutralRows.attempt(7, 0, 2, 6),
                NeutralRows.attempt(7, 0, 3, 6),
                NeutralRows.attempt(7, 1, 1, 4),
                NeutralRows.attempt(1, 0, 1, 7));
        CommittedDataset dataset = committed(
                Map.of("judge.votes", "1"),
                attempts.stream()
                        .map(attempt ->
                                Rejection.newBuilder(attempt).setTools(null).build())
                        .toList());
        JsonNode v2 = from(dataset, at(5));
        assertThat(v2.path("rows").asInt()).isEqualTo(7);
        assertThat(v2.path("brought_in").asInt()).isEqualTo(1);
        assertThat(DuckDb.one("SELECT slot, attempt, judge_min, answer FROM '" + files(dataset, "v2", "raw")
                        + "' WHERE judge_min < 8"))
                .containsExactly("0", "2", "6.0", "Bad answer 2");
    }

    @Test
    void anAttemptAtAPromptWithToolsIsLeftOut() throws IOException {
        CommittedDataset dataset = committed(
                Map.of("judge.votes", "1"),
                List.of(Rejection.newBuilder(NeutralRows.attempt(7, 0, 1, 6))
                        .setTools("[]")
                        .build()));
        assertThat(from(dataset, at(5)).path("brought_in").asInt()).isZero();
    }

    @Test
    void aThresholdThatDependsOnMissingVotesIsRefused() throws IOException {
        List<Rejection> attempts = List.of(Rejection.newBuilder(NeutralRows.attempt(7, 0, 1, 6))
                .setTools(null)
                .build());
        CommittedDataset dataset = committed(Map.of("judge.votes", "3"), attempts);
        assertThatThrownBy(() -> from(dataset, at(6)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--threshold 6.0")
                .hasMessageContaining("1 attempts lack votes")
                .hasMessageContaining("give a threshold above 6.0");
        assertThat(dataset.store().list("releases/v2/")).isEmpty();
        assertThat(from(dataset, at(6.5)).path("brought_in").asInt()).isZero();
    }

    @Test
    void aVersionThatDoesNotExistIsNamed() throws IOException {
        CommittedDataset dataset = committed(Map.of(), List.of());
        assertThatThrownBy(() -> Release.makeFrom(dataset.dataset(), "v7", at(9), folder.resolve("drafts")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no version or ref 'v7'; its versions are v1");
    }

    @Test
    void aDerivedVersionReplacesOnlyItsOriginAsLatest() throws IOException {
        CommittedDataset dataset = committed(Map.of("judge.votes", "1"), List.of());
        from(dataset, at(9));
        assertThat(dataset.dataset().versions().resolve("latest")).isEqualTo("v2");
        assertThat(Release.makeFrom(
                        dataset.dataset(), "v1", new ReleaseSettings("v3", VIEWS, 1), folder.resolve("drafts")))
                .isInstanceOfSatisfying(
                        Release.Result.Released.class,
                        made -> assertThat(made.latest().now()).hasValue("v2"));
        assertThat(dataset.dataset().versions().resolve("latest")).isEqualTo("v2");
    }

    private static ReleaseSettings at(double threshold) {
        return new ReleaseSettings("v2", VIEWS, 2, 2, 0, 3, Optional.of(threshold), List.of());
    }

    private JsonNode from(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.makeFrom(dataset.dataset(), "v1", settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        return dataset.manifest(settings.name());
    }

    private void release(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static List<String> scores(CommittedDataset dataset, String version) {
        return DuckDb.query("SELECT judge_min FROM '" + files(dataset, version, "raw") + "' ORDER BY judge_min")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    private static Path files(CommittedDataset dataset, String version, String view) {
        return dataset.folder().resolve("releases/" + version + "/" + view + "/*/*.parquet");
    }

    /** Six samples with lowest votes 8, 9, 10 twice, and a version of them, in a run of this identity. */
    private CommittedDataset committed(Map<String, String> identity, List<Rejection> attempts) throws IOException {
        CommittedDataset dataset = new CommittedDataset(
                folder.resolve("dataset"),
                folder.resolve("spool"),
                new com.fasterxml.jackson.databind.ObjectMapper()
                        .valueToTree(identity)
                        .toString());
        List<Sample> samples = List.of(
                NeutralRows.sample(1, 0, 8),
                NeutralRows.sample(2, 0, 9),
                NeutralRows.sample(3, 0, 10),
                NeutralRows.sample(4, 0, 8),
                NeutralRows.sample(5, 0, 9),
                NeutralRows.sample(6, 0, 10));
        dataset.samples(0, samples.subList(0, 4));
        dataset.samples(1, samples.subList(4, 6));
        dataset.rejections(0, attempts);
        dataset.complete();
        release(dataset, new ReleaseSettings("v1", VIEWS, 2));
        return dataset;
    }
}

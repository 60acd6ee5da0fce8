package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.QuotaSettings;
import dev.precept.config.QuotaSettings.Quota;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.view.View;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A version takes exactly what its quotas and its selection say, the same samples for any order of the input. */
class BalanceReleaseTest {
    private static final List<ResponseStyle> STYLES =
            List.of(ResponseStyle.COMPLY, ResponseStyle.REFUSE, ResponseStyle.SAFE_COMPLETE);

    @TempDir
    private Path folder;

    private int made;

    /** Prompts of three categories and two sources; one in ten has two categories. */
    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (int n = 0; n < 120; n++) {
            Sample sample = SimilarSamples.sample("question " + n, 0, "thought " + n, new Seq((long) n, n % 2, 0));
            String category = n % 12 == 0 ? "rare" : n % 3 == 0 ? "some" : "many";
            sample.setCategory(n % 10 == 7 ? List.of("many", "some") : List.of(category));
            sample.getSource().setName(n % 4 == 0 ? "web" : "books");
            sample.setResponseStyle(STYLES.get(n / 3 % 3));
            samples.add(sample);
        }
        return samples;
    }

    private CommittedDataset commit(List<Sample> samples, long seed) throws IOException {
        made++;
        CommittedDataset dataset =
                new CommittedDataset(folder.resolve("dataset-" + made), folder.resolve("spool-" + made));
        List<Sample> mixed = new ArrayList<>(samples);
        Collections.shuffle(mixed, new Random(seed));
        dataset.samples(0, mixed.subList(0, 40));
        dataset.samples(1, mixed.subList(40, samples.size()));
        dataset.complete();
        return dataset;
    }

    private static ReleaseSettings settings(List<View> views, QuotaSettings quotas, Manifest.@Nullable Select select) {
        return new ReleaseSettings("v1", views, 1)
                .withCuration(new CurationSettings(Optional.empty(), quotas, Optional.ofNullable(select)));
    }

    private void release(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static List<String> ids(CommittedDataset dataset, String files) {
        return DuckDb.query("SELECT sample_id FROM '" + dataset.folder().resolve("releases/v1/" + files)
                        + "' ORDER BY sample_id")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    private static String cell(Sample sample) {
        return (sample.getCategory().size() > 1 ? "some" : sample.getCategory().getFirst()) + " "
                + sample.getSource().getName();
    }

    @Test
    void cellsHaveEqualSharesOfTheLowestIdsForAnyOrderOfTheInput() throws IOException {
        Map<String, List<String>> cells = new TreeMap<>();
        samples()
                .forEach(sample -> cells.computeIfAbsent(cell(sample), _ -> new ArrayList<>())
                        .add(sample.getSampleId()));
        cells.values().forEach(Collections::sort);
        assertThat(cells.values()).extracting(List::size).containsExactly(52, 20, 10, 38);
        // the 5 that the smallest cell cannot fill go to the others
        Map<String, Integer> shares = Map.of("many books", 17, "many web", 16, "rare web", 10, "some books", 17);
        List<String> expected = cells.entrySet().stream()
                .flatMap(cell -> cell.getValue().subList(0, shares.getOrDefault(cell.getKey(), 0)).stream())
                .sorted()
                .toList();
        assertThat(expected).hasSize(60);
        Manifest.Select select = new Manifest.Select(60, List.of("category", "source"));
        for (long seed = 1; seed <= 2; seed++) {
            CommittedDataset dataset = commit(samples(), seed);
            release(dataset, settings(List.of(View.SFT_THINK), QuotaSettings.NONE, select));
            assertThat(ids(dataset, "sft-think/*/*.parquet")).isEqualTo(expected);
            assertThat(ids(dataset, "removed/*.parquet")).hasSize(60).doesNotContainAnyElementsOf(expected);
            assertThat(dataset.manifest("v1")
                            .at("/removed/selected/not_selected")
                            .asInt())
                    .isEqualTo(60);
            assertThat(dataset.manifest("v1").at("/recipe/select").toString())
                    .isEqualTo("{\"total\":60,\"balance\":[\"category\",\"source\"]}");
            assertThat(Files.readString(dataset.folder().resolve("releases/v1/README.md")))
                    .contains("| many | books | 52 | 17 |", "| rare | web | 10 | 10 |");
        }
    }

    /** A process that was killed leaves a plan; its version must not be completed with another selection. */
    @ParameterizedTest
    @MethodSource("otherCurations")
    void aPlanWithAnotherCurationIsRefused(CurationSettings other, String difference) throws IOException {
        CommittedDataset dataset = commit(samples(), 3);
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT), 2)
                .withCuration(new CurationSettings(
                        Optional.empty(), QuotaSettings.NONE, Optional.of(new Manifest.Select(10, List.of()))));
        ReleaseWork half = new ReleaseWork(folder.resolve("drafts"), Long.MAX_VALUE, 1, 2, _ -> {});
        assertThat(Release.make(dataset.dataset(), settings, half)).isInstanceOf(Release.Result.RangeStored.class);
        assertThatThrownBy(
                        () -> Release.make(dataset.dataset(), settings.withCuration(other), folder.resolve("drafts")))
                .hasMessageContaining("was begun with other settings: " + difference);
    }

    static List<Arguments> otherCurations() {
        Optional<Manifest.Select> ten = Optional.of(new Manifest.Select(10, List.of()));
        return List.of(
                Arguments.of(
                        new CurationSettings(
                                Optional.empty(),
                                QuotaSettings.NONE,
                                Optional.of(new Manifest.Select(20, List.of("category")))),
                        "select"),
                Arguments.of(
                        new CurationSettings(
                                Optional.empty(),
                                new QuotaSettings(List.of(new Quota("many", Optional.empty(), 8))),
                                ten),
                        "quotas"));
    }

    @Test
    void aTotalThatIsNotThereTakesAllRows() throws IOException {
        CommittedDataset dataset = commit(samples(), 3);
        release(
                dataset,
                settings(List.of(View.SFT), QuotaSettings.NONE, new Manifest.Select(500, List.of("category"))));
        assertThat(dataset.manifest("v1").path("rows").asInt()).isEqualTo(120);
        assertThat(dataset.manifest("v1").at("/removed/selected").isMissingNode())
                .isTrue();
    }

    @Test
    void aQuotaTakesTheLowestIds() throws IOException {
        QuotaSettings quotas = new QuotaSettings(List.of(new Quota("many", Optional.empty(), 20)));
        CommittedDataset dataset = commit(samples(), 5);
        release(dataset, settings(List.of(View.RAW), quotas, null));
        List<String> many = samples().stream()
                .filter(sample -> cell(sample).startsWith("many"))
                .map(Sample::getSampleId)
                .sorted()
                .toList();
        assertThat(ids(dataset, "removed/*.parquet")).isEqualTo(many.subList(20, many.size()));
    }

    @Test
    void quotasAreExactAndTheSelectionTakesFromWhatIsLeft() throws IOException {
        QuotaSettings quotas = new QuotaSettings(List.of(
                new Quota("many", Optional.of("comply"), 5),
                new Quota("many", Optional.empty(), 8),
                new Quota("rare", Optional.empty(), 100)));
        CommittedDataset dataset = commit(samples(), 4);
        release(dataset, settings(List.of(View.RAW, View.RL), quotas, new Manifest.Select(40, List.of())));
        assertThat(ids(dataset, "raw/*/*.parquet")).hasSize(40);
        List<List<String>> reasons = DuckDb.query("SELECT reason, count(*) FROM '"
                + dataset.folder().resolve("releases/v1/removed/*.parquet") + "' GROUP BY reason ORDER BY reason");
        assertThat(reasons.getFirst().getFirst()).isEqualTo("not_selected");
        assertThat(reasons.getLast().getFirst()).isEqualTo("over_quota");
        long many =
                samples().stream().filter(each -> cell(each).startsWith("many")).count();
        assertThat(Long.parseLong(reasons.getLast().get(1))).isEqualTo(many - 13);
        assertThat(DuckDb.query("SELECT count(*) FROM '" + dataset.folder().resolve("releases/v1/rl/*/*.parquet") + "'")
                        .getFirst()
                        .getFirst())
                .isEqualTo("40");
    }
}

package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.precept.config.ConfigurationException;
import dev.precept.config.QuotaSettings;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.spec.Risk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows above the highest risk of a version are in none of its views, and are named and counted. */
final class RiskReleaseTest {
    private static final List<View> VIEWS = List.of(View.SFT, View.PREFERENCE, View.RL);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static String category(String name, String about, String level) {
        return "{\"name\":\"" + name + "\",\"summary\":\"s\",\"clauses\":[],\"risk\":{\"taxonomy\":\"preparedness\","
                + "\"category\":\"" + about + "\",\"level\":\"" + level + "\"}}";
    }

    private static byte[] bundle(String... categories) {
        return ("{\"name\":\"s\",\"categories\":[" + String.join(",", categories) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Sample sample(int n, int slot, String... categories) {
        return Sample.newBuilder(NeutralRows.plain(NeutralRows.sample(n, slot, 9)))
                .setCategory(List.of(categories))
                .build();
    }

    private static Rejection attempt(int n, String... categories) {
        return Rejection.newBuilder(NeutralRows.plain(NeutralRows.attempt(n, 1, 1, 2)))
                .setCategory(List.of(categories))
                .build();
    }

    private CommittedDataset dataset(byte[] specification) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.store().createIfAbsent(Layout.specification("spec-1"), specification);
        List<Sample> samples = new ArrayList<>();
        samples.add(sample(0, 0, "plain"));
        samples.add(sample(1, 0, "phishing"));
        samples.add(sample(1, 2, "phishing"));
        samples.add(sample(2, 0, "pathogens"));
        samples.add(sample(3, 0, "plain", "pathogens", "phishing"));
        dataset.samples(0, samples);
        // Without them no pair, and no prompt that was only tried, would be there to leave out.
        dataset.rejections(
                1,
                List.of(attempt(1, "phishing"), attempt(2, "pathogens"), attempt(4, "plain"), attempt(5, "pathogens")));
        dataset.complete();
        return dataset;
    }

    private static byte[] specification() {
        return bundle(
                "{\"name\":\"plain\",\"summary\":\"s\",\"clauses\":[]}",
                category("phishing", "cybersecurity", "medium"),
                category("pathogens", "cbrn", "critical"));
    }

    private static ReleaseSettings settings(String name, Optional<Risk.Level> most) {
        return new ReleaseSettings(name, VIEWS, 1)
                .withRows(new Manifest.RowOptions(false, true))
                .withCuration(new CurationSettings(Optional.empty(), QuotaSettings.NONE, Optional.empty(), most));
    }

    private void release(CommittedDataset dataset, String name, Optional<Risk.Level> most) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings(name, most), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        assertThat(Verification.verify(dataset.dataset(), Optional.of(name), InstantSource.system())
                        .problems())
                .filteredOn(problem -> !problem.toString().contains("spec-1"))
                .isEmpty();
    }

    private static List<List<String>> rows(CommittedDataset dataset, String version, String view) {
        return DuckDb.query("SELECT prompt_id, category FROM (SELECT "
                + (view.equals("rl") ? "extra_info.prompt_id AS prompt_id, extra_info.category" : "prompt_id, category")
                + " AS category FROM '" + dataset.folder() + "/releases/" + version + "/" + view
                + "/*/*.parquet') ORDER BY ALL");
    }

    @Test
    void rowsAboveTheRiskAreInNoViewAndCounted() throws IOException {
        CommittedDataset dataset = dataset(specification());
        release(dataset, "v1", Optional.empty());
        release(dataset, "v2", Optional.of(Risk.Level.MEDIUM));
        assertThat(rows(dataset, "v1", "sft")).hasSize(5);
        assertThat(rows(dataset, "v1", "rl")).hasSize(6);
        assertThat(rows(dataset, "v1", "preference")).hasSize(2);
        for (String view : List.of("sft", "rl", "preference")) {
            assertThat(rows(dataset, "v2", view))
                    .isNotEmpty()
                    .noneMatch(row -> row.getLast().contains("pathogens"));
        }
        assertThat(rows(dataset, "v2", "sft")).hasSize(3);
        assertThat(rows(dataset, "v2", "rl")).hasSize(3);
        assertThat(dataset.manifest("v2").at("/removed/selected").toString()).isEqualTo("{\"above_risk\":2}");
        assertThat(dataset.manifest("v2").at("/recipe/max_risk").asText()).isEqualTo("medium");
        assertThat(DuckDb.query("SELECT sample_id, reason FROM '" + dataset.folder()
                        + "/releases/v2/removed/*.parquet' ORDER BY ALL"))
                .containsExactlyInAnyOrder(
                        List.of(sample(2, 0).getSampleId(), "above_risk"),
                        List.of(sample(3, 0).getSampleId(), "above_risk"));
    }

    @Test
    void samplesAndPromptsAreCountedByTheHighestRisk() throws IOException {
        CommittedDataset dataset = dataset(specification());
        release(dataset, "v1", Optional.empty());
        assertThat(dataset.manifest("v1").at("/histograms/risk").toString())
                .isEqualTo("{\"critical cbrn\":2,\"medium cybersecurity\":2,\"not stated\":1}");
        assertThat(dataset.manifest("v1").at("/histograms/prompt_risk").toString())
                .isEqualTo("{\"critical cbrn\":2,\"medium cybersecurity\":1,\"not stated\":1}");
        assertThat(new String(dataset.store().read(Layout.card("v1")).orElseThrow(), StandardCharsets.UTF_8))
                .contains("| critical cbrn | 2 |");
    }

    @Test
    void aVersionMadeFromAnotherKeepsItsHighestRisk() throws IOException, InvalidDocumentException {
        CommittedDataset dataset = dataset(specification());
        release(dataset, "v1", Optional.of(Risk.Level.LOW));
        Manifest manifest = dataset.dataset().versions().manifest("v1").orElseThrow();
        assertThat(ReleaseSettings.fromManifest(manifest, "v2").curation().maxRisk())
                .contains(Risk.Level.LOW);
        assertThat(Manifest.read(manifest.write()).recipe().curation().maxRisk())
                .contains(Risk.Level.LOW);
        assertThat(manifest.removed().selected()).isEqualTo(Map.of("above_risk", 4L));
    }

    @Test
    void aRiskThatNothingStatesOrThatIsNotKnownIsRefused() throws IOException {
        CommittedDataset dataset = dataset(bundle("{\"name\":\"plain\",\"summary\":\"s\",\"clauses\":[]}"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> release(dataset, "v1", Optional.of(Risk.Level.LOW)))
                .withMessageContaining("release.max_risk low: no specification of this dataset states a risk");
        dataset.store().createIfAbsent(Layout.specification("spec-2"), specification());
        java.nio.file.Files.delete(dataset.folder().resolve(Layout.specification("spec-1")));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> release(dataset, "v1", Optional.of(Risk.Level.LOW)))
                .withMessageContaining("the dataset does not hold specs/spec-1/bundle.json");
    }
}

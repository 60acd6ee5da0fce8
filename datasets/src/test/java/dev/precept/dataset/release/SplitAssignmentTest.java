package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitAssignmentTest {
    private static final ReleaseSettings SETTINGS =
            new ReleaseSettings("v1", List.of(View.SFT, View.RL, View.RAW), 2, 0.25, 3);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.2, 0.5})
    void theShareOverTenThousandPromptsIsWithinOnePercentagePoint(double share) {
        SplitAssigner splitAssigner = new SplitAssigner(share);
        long held = IntStream.range(0, 10_000)
                .filter(n -> splitAssigner.splitOf(Sha256.hex("prompt " + n)) == Split.VALIDATION)
                .count();
        assertThat(held / 10_000.0).isCloseTo(share, within(0.01));
    }

    @Test
    void aLargerShareContainsTheValidationPromptsOfASmallerOne() {
        for (int n = 0; n < 1000; n++) {
            String prompt = Sha256.hex("prompt " + n);
            if (new SplitAssigner(0.1).splitOf(prompt) == Split.VALIDATION) {
                assertThat(new SplitAssigner(0.2).splitOf(prompt)).isEqualTo(Split.VALIDATION);
            }
        }
    }

    @Test
    void allSlotsOfAPromptAreInTheSameSplitInEveryView() throws IOException {
        CommittedDataset dataset = released(SETTINGS);
        String sides = "SELECT prompt_id, count(DISTINCT filename LIKE '%validation%'), count(*) FROM read_parquet('"
                + dataset.folder().resolve("releases/v1/sft/*/*.parquet") + "', filename = true) GROUP BY prompt_id";
        assertThat(DuckDb.query(sides))
                .hasSize(60)
                .allSatisfy(row -> assertThat(row.subList(1, 3)).containsExactly("1", "3"));
        String held = "SELECT DISTINCT prompt_id FROM '"
                + dataset.folder().resolve("releases/v1/sft/validation/*.parquet") + "' ORDER BY 1";
        assertThat(DuckDb.query(held))
                .isNotEmpty()
                .isEqualTo(DuckDb.query("SELECT DISTINCT extra_info.prompt_id FROM '"
                        + dataset.folder().resolve("releases/v1/rl/validation/*.parquet") + "' ORDER BY 1"));
        assertThat(DuckDb.one("SELECT DISTINCT extra_info.split FROM '"
                        + dataset.folder().resolve("releases/v1/rl/validation/*.parquet") + "'"))
                .containsExactly("validation");
    }

    @Test
    void manifestAndCardNameBothSplitsWithTheirRows() throws IOException {
        CommittedDataset dataset = released(SETTINGS);
        JsonNode manifest = dataset.manifest("v1");
        String card = Files.readString(dataset.folder().resolve("releases/v1/README.md"));
        JsonNode configs = new YAMLMapper()
                .readTree(card.substring(4, card.indexOf("\n---\n", 4)))
                .path("configs");
        assertThat(configs).hasSize(3).allSatisfy(config -> {
            assertThat(config.path("data_files")
                            .valueStream()
                            .map(file -> file.path("split").asText()))
                    .containsExactly("train", "validation");
            assertThat(config.path("data_files").path(1).path("path").asText())
                    .isEqualTo(config.path("config_name").asText() + "/validation/*.parquet");
        });
        for (View view : SETTINGS.views()) {
            for (String split : List.of("train", "validation")) {
                String rows = DuckDb.one("SELECT count(*) FROM '"
                                + dataset.folder().resolve("releases/v1/" + view.label() + "/" + split + "/*.parquet")
                                + "'")
                        .getFirst();
                assertThat(manifest.path("splits")
                                .path(view.label())
                                .path(split)
                                .asText())
                        .isEqualTo(rows);
                assertThat(card.lines().filter(line -> line.matches("\\| `" + view.label() + "` \\| \\d+ \\|.*")))
                        .singleElement(Assertions.as(Assertions.STRING))
                        .contains(" " + rows + " |");
            }
            assertThat(manifest.path("views")
                            .path(view.label())
                            .valueStream()
                            .map(file -> file.path("path").asText()))
                    .containsExactly(
                            view.label() + "/train/train-00000-of-00002.parquet",
                            view.label() + "/train/train-00001-of-00002.parquet",
                            view.label() + "/validation/validation-00000-of-00002.parquet",
                            view.label() + "/validation/validation-00001-of-00002.parquet");
        }
        assertThat(manifest.path("recipe").path("validation").asDouble()).isEqualTo(0.25);
        assertThat(manifest.path("rows").asLong()).isEqualTo(180);
    }

    @Test
    void withoutAShareThereAreNoValidationFiles() throws IOException {
        CommittedDataset dataset = released(new ReleaseSettings("v1", List.of(View.SFT), 2));
        assertThat(dataset.store().list("releases/v1/sft/"))
                .containsExactly(
                        "releases/v1/sft/train/train-00000-of-00002.parquet",
                        "releases/v1/sft/train/train-00001-of-00002.parquet");
        assertThat(Files.readString(dataset.folder().resolve("releases/v1/README.md")))
                .doesNotContain("validation");
    }

    @Test
    void shareAndGapAreReadFromTheRecipe() {
        ReleaseSettings settings = ReleaseSettings.read(
                recipe("release: {views: [rl, preference], validation: 0.05, preference_gap: 1.5}"));
        assertThat(settings.validation()).isEqualTo(0.05);
        assertThat(settings.preferenceGap()).isEqualTo(1.5);
        assertThat(ReleaseSettings.read(recipe("")).validation()).isZero();
        assertThat(ReleaseSettings.read(recipe("")).preferenceGap()).isEqualTo(3);
    }

    @Test
    void aShareAboveOneHalfIsRefused() {
        Recipe recipe = recipe("release: {validation: 5}");
        ReleaseSettings.read(recipe);
        Assertions.assertThatThrownBy(recipe::throwProblems)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("release.validation");
    }

    private static Recipe recipe(String yaml) {
        return Recipe.parse("recipe.yaml", Path.of("."), yaml);
    }

    /** 60 prompts of three slots each. */
    private CommittedDataset released(ReleaseSettings settings) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        for (int slot = 0; slot < 3; slot++) {
            int of = slot;
            List<Sample> samples = IntStream.range(0, 60)
                    .mapToObj(n -> NeutralRows.sample(n, of, 9))
                    .toList();
            dataset.samples(slot % 2, samples);
        }
        dataset.complete();
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        return dataset;
    }
}

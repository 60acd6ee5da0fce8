package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReleaseRefusalTest {
    private static final int ROWS = 30;

    @TempDir
    private Path folder;

    @Test
    void aViewThatLosesItsReasoningIsRefusedAndTheNameIsFree() throws Exception {
        CommittedDataset dataset = dataset(List.of());
        List<String> before = files(dataset);
        Release.Result result = release(dataset, settings(List.of(View.SFT_THINK), template("r1-distill.jinja")));
        assertThat(result).isInstanceOfSatisfying(Release.Result.Refused.class, refused -> {
            System.out.println(refused.why());
            assertThat(refused.why())
                    .startsWith(
                            "view sft-think is refused: chat template r1-distill.jinja drops the reasoning: sample ")
                    .doesNotContain("\n");
        });
        assertThat(files(dataset)).filteredOn(file -> !file.contains("/plans")).isEqualTo(before);
        assertThat(release(dataset, settings(List.of(View.SFT_THINK)))).isInstanceOf(Release.Result.Released.class);
    }

    @Test
    void theCardSaysWhatATemplateDoesWithReasoningOfEarlierTurns() throws Exception {
        CommittedDataset dataset = dataset(List.of());
        ReleaseSettings settings = settings(List.of(View.SFT), template("qwen3.jinja"));
        assertThat(release(dataset, settings)).isInstanceOf(Release.Result.Released.class);
        String card = Files.readString(dataset.folder().resolve("releases/" + settings.name() + "/README.md"));
        assertThat(card)
                .containsPattern("\\| `qwen3.jinja` \\| `[0-9a-f]{64}` \\| `reasoning_content` \\| left out \\|\n");
    }

    @Test
    void aPreviewSaysWhatTheReleaseMakesAndWritesNothing() throws Exception {
        CommittedDataset dataset = dataset(List.of());
        ReleaseSettings settings = settings(List.of(View.SFT_THINK), template("r1-distill.jinja"));
        List<String> before = files(dataset);
        ReleasePreview refused = ReleasePreview.of(
                dataset.dataset(), Optional.empty(), settings, ReleaseWork.alone(folder.resolve("preview")));
        assertThat(files(dataset)).isEqualTo(before);
        assertThat(refused.refusal().map(Release.Result.Refused::new))
                .map(Release.Result.class::cast)
                .contains(release(dataset, settings));
        assertThat(refused.templates().cell(0, View.SFT_THINK).good()).isZero();
        ReleaseSettings kept = settings.withTemplates(List.of());
        ReleasePreview preview = ReleasePreview.of(
                dataset.dataset(), Optional.empty(), kept, ReleaseWork.alone(folder.resolve("preview")));
        assertThat(release(dataset, kept)).isInstanceOfSatisfying(Release.Result.Released.class, released -> {
            assertThat(released.rows()).isEqualTo(preview.samples());
            assertThat(released.latest()).isEqualTo(preview.latest());
            assertThat(released.splits()).isEqualTo(preview.splits());
        });
        assertThat(dataset.dataset()
                        .versions()
                        .manifest(kept.name())
                        .orElseThrow()
                        .splits())
                .isEqualTo(preview.rows());
    }

    @Test
    void aFileThatNoReleaseWroteIsNamedAndTheClaimIsKept() throws Exception {
        CommittedDataset dataset = dataset(List.of());
        ReleaseSettings settings = settings(List.of(View.SFT_THINK), template("qwen3.jinja"));
        String stray = "releases/" + settings.name() + "/.DS_Store";
        dataset.store().createIfAbsent(stray, new byte[] {1});
        assertThatThrownBy(() -> release(dataset, settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(stray + " is not of a release; a loader would read it: move it away");
        assertThat(ReleasePlans.of(dataset.dataset()).open(settings.name())).isPresent();
        Files.delete(dataset.folder().resolve(stray));
        assertThat(release(dataset, settings)).isInstanceOf(Release.Result.Released.class);
    }

    @Test
    void oneFailingRowRefusesTheReleaseAndIsNamed() throws Exception {
        Sample odd = NeutralRows.sample(ROWS, 1, 9);
        odd.setReasoning("Between </think> and here.");
        odd.getMessages().getLast().setReasoningContent("Between </think> and here.");
        odd.setTools(null);
        CommittedDataset dataset = dataset(List.of(odd));
        Path qwen = template("qwen3.jinja");
        assertThat(release(dataset, settings(List.of(View.SFT, View.SFT_THINK), qwen)))
                .isInstanceOfSatisfying(
                        Release.Result.Refused.class,
                        refused -> assertThat(refused.why())
                                .contains(odd.getSampleId(), "view sft-think", "in the view sft"));
        assertThat(release(dataset, settings(List.of(View.SFT, View.RAW), qwen)))
                .isInstanceOf(Release.Result.Released.class);
    }

    @Test
    void theRejectedRowOfAPairIsCheckedToo() throws Exception {
        CommittedDataset dataset = dataset(List.of());
        dataset.rejections(
                0,
                IntStream.range(0, 5)
                        .mapToObj(n -> NeutralRows.attempt(n, 0, 1, 2))
                        .toList());
        Path picky = Files.writeString(folder.resolve("picky.jinja"), """
                {%- for m in messages %}{{ m.reasoning_content ~ m.content }}
                {%- if 'Bad thought' in (m.reasoning_content or '') %}{{ raise_exception('no') }}{% endif %}
                {%- endfor %}
                """);
        assertThat(release(dataset, settings(List.of(View.PREFERENCE), picky)))
                .isInstanceOfSatisfying(
                        Release.Result.Refused.class,
                        refused -> assertThat(refused.why()).contains("view preference", "picky.jinja", "line 2: no"));
    }

    @Test
    void manifestAndCardNameTheTemplatesAndTheRowsAreTheSame() throws Exception {
        Path qwen = template("qwen3.jinja");
        CommittedDataset dataset = dataset(List.of());
        ReleaseSettings with = settings(List.of(View.SFT, View.SFT_THINK, View.RL, View.RAW), qwen);
        assertThat(release(dataset, with)).isInstanceOf(Release.Result.Released.class);
        JsonNode recipe = manifest(dataset, "v1").path("recipe").path("templates");
        String sha256 = ChatTemplate.read(qwen).sha256();
        assertThat(recipe.toString()).isEqualTo("[{\"name\":\"qwen3.jinja\",\"sha256\":\"" + sha256 + "\"}]");
        assertThat(Files.readString(dataset.folder().resolve("releases/v1/README.md")))
                .contains("| `qwen3.jinja` | `" + sha256 + "` |");

        ReleaseSettings without = new ReleaseSettings("v2", with.views(), 2);
        assertThat(release(dataset, without)).isInstanceOf(Release.Result.Released.class);
        assertThat(manifest(dataset, "v2").path("views"))
                .isEqualTo(manifest(dataset, "v1").path("views"));
        assertThat(manifest(dataset, "v2").path("recipe").has("templates")).isFalse();
        assertThat(Files.readString(dataset.folder().resolve("releases/v2/README.md")))
                .doesNotContain("chat template");
    }

    private CommittedDataset dataset(List<Sample> more) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        List<Sample> samples = new ArrayList<>(IntStream.range(0, ROWS)
                .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                .toList());
        samples.forEach(sample -> sample.setTools(null));
        samples.addAll(more);
        dataset.samples(0, samples);
        dataset.complete();
        return dataset;
    }

    private static ReleaseSettings settings(List<View> views, Path... templates) throws Exception {
        List<ChatTemplate> read = new ArrayList<>();
        for (Path template : templates) {
            read.add(ChatTemplate.read(template));
        }
        return new ReleaseSettings("v1", views, 2, 2, 0, 3, Optional.empty(), read);
    }

    private Release.Result release(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        return Release.make(dataset.dataset(), settings, folder.resolve("drafts"));
    }

    private static JsonNode manifest(CommittedDataset dataset, String version) throws IOException {
        return new ObjectMapper()
                .readTree(Files.readAllBytes(
                        dataset.folder().resolve("releases").resolve(version).resolve("manifest.json")));
    }

    private static List<String> files(CommittedDataset dataset) throws IOException {
        try (Stream<Path> files = Files.walk(dataset.folder())) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private static Path template(String name) throws Exception {
        return Path.of(Objects.requireNonNull(ReleaseRefusalTest.class.getResource("/templates/" + name))
                .toURI());
    }
}

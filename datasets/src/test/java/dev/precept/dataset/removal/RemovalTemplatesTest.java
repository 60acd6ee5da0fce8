package dev.precept.dataset.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemovalTemplatesTest {
    private static final RowSelector ONE =
            new RowSelector.BySample(Set.of(NeutralRows.sample(3, 0, 9).getSampleId()), Set.of());

    @TempDir
    private Path folder;

    private CommittedDataset dataset;
    private Path template = Path.of("");

    @BeforeEach
    void aVersionCheckedWithATemplate() throws Exception {
        template = Path.of(Objects.requireNonNull(RemovalTemplatesTest.class.getResource("/templates/qwen3.jinja"))
                .toURI());
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        List<Sample> samples =
                IntStream.range(0, 5).mapToObj(n -> NeutralRows.sample(n, 0, 9)).toList();
        samples.forEach(sample -> sample.setTools(null));
        dataset.samples(0, samples);
        dataset.complete();
        ReleaseSettings settings =
                new ReleaseSettings("v1", List.of(View.SFT), 1).withTemplates(List.of(ChatTemplate.read(template)));
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("d")))
                .isInstanceOf(Release.Result.Released.class);
    }

    @Test
    void aWithdrawalIsCheckedLikeTheVersionBefore() throws IOException {
        assertThatThrownBy(() -> withdraw(RemovalTemplates.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("version v1 was checked with the chat template qwen3.jinja (sha256 ")
                .hasMessageEndingWith("give it with --template FILE, or leave the check out with --without-templates");
        assertThat(dataset.store().list("withdrawals/")).isEmpty();
        withdraw(RemovalTemplates.read(List.of(template), false));
        assertThat(dataset.manifest("v2").at("/recipe/templates/0/name").asText())
                .isEqualTo("qwen3.jinja");
    }

    @Test
    void aPurgeIsRefusedBeforeAnythingIsRecorded() throws IOException {
        assertThatThrownBy(() -> purge(RemovalTemplates.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("version v1 was checked with the chat template qwen3.jinja");
        assertThat(dataset.store().list("withdrawals/")).isEmpty();
        assertThat(dataset.store().list("rewrites/")).isEmpty();
        assertThat(purge(new RemovalTemplates(List.of(), true)).versions())
                .isEqualTo(Map.of("v1", Optional.of("v1.p1")));
        assertThat(dataset.manifest("v1.p1").at("/recipe").has("templates")).isFalse();
    }

    @Test
    void aFileThatIsNoTemplateIsNamed() {
        assertThatThrownBy(() -> RemovalTemplates.read(List.of(folder.resolve("none.jinja")), false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none.jinja");
    }

    private void withdraw(RemovalTemplates templates) throws IOException {
        assertThat(Withdraw.execute(dataset.dataset(), "v1", ONE, "asked", "v2", templates, folder.resolve("d")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private Purge.Outcome purge(RemovalTemplates templates) throws IOException {
        return Purge.execute(dataset.dataset(), ONE, "asked", templates, folder.resolve("d"));
    }
}

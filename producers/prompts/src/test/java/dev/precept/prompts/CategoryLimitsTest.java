package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.config.QuotaSettings;
import dev.precept.config.QuotaSettings.Quota;
import dev.precept.records.CategoryLimit;
import dev.precept.records.Prompt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits that a prompt carries, and quotas of categories that do not exist. */
class CategoryLimitsTest {
    private static final QuotaSettings QUOTAS = new QuotaSettings(List.of(
            new Quota("fraud", Optional.empty(), 100),
            new Quota("privacy", Optional.empty(), 2),
            new Quota("closed", Optional.empty(), 0),
            new Quota("crime", Optional.of("comply"), 2)));

    @TempDir
    private Path folder;

    private static @Nullable List<CategoryLimit> limits(String... categories) {
        Prompt prompt = new Prompt();
        prompt.setCategories(List.of(categories));
        return CategoryLimits.of(prompt, QUOTAS, 6);
    }

    @Test
    void aPartitionHasAQuarterMoreThanItsShareAndAFewSamples() {
        assertThat(limits("fraud", "privacy"))
                .containsExactly(new CategoryLimit("fraud", 100L, 24L), new CategoryLimit("privacy", 2L, 4L));
    }

    @Test
    void nothingIsGeneratedForAQuotaOfNothing() {
        assertThat(limits("closed")).containsExactly(new CategoryLimit("closed", 0L, 0L));
    }

    @Test
    void aPromptWithACategoryThatHasNoLimitHasNone() {
        assertThat(limits("fraud", "other")).isNull();
        assertThat(limits("crime")).isNull();
        assertThat(limits()).isNull();
    }

    @Test
    void anUnknownCategoryIsNamedWithASimilarOne() throws IOException {
        Files.writeString(folder.resolve("clauses.md"), "## Fraud {#fraud-1}\nBe kind.\n");
        Files.writeString(
                folder.resolve("spec.yaml"),
                "name: small\ncategories:\n  - {name: fraud, summary: About fraud., clauses: [fraud-1]}\n");
        Specification specification = SpecFolder.load(folder);
        CategoryLimits.requireKnown(new QuotaSettings(List.of(new Quota("fraud", Optional.empty(), 1))), specification);
        assertThatThrownBy(() -> CategoryLimits.requireKnown(
                        new QuotaSettings(List.of(
                                new Quota("frauds", Optional.empty(), 1), new Quota("Fraud", Optional.empty(), 1))),
                        specification))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        wrong -> assertThat(wrong.problems())
                                .containsExactly(
                                        "quotas: the specification has no category 'Fraud'; did you mean 'fraud'?; there are fraud",
                                        "quotas: the specification has no category 'frauds'; did you mean 'fraud'?; there are"
                                                + " fraud"));
    }
}

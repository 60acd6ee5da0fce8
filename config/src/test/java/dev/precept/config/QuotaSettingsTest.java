package dev.precept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.QuotaSettings.Quota;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotas are read as a list, and a wrong one is reported with its position. */
class QuotaSettingsTest {
    private static QuotaSettings read(String yaml) {
        Recipe recipe = Recipe.parse("recipe.yaml", Path.of("").toAbsolutePath(), yaml);
        QuotaSettings settings = QuotaSettings.read(recipe);
        recipe.rejectUnknownKeys();
        recipe.throwProblems();
        return settings;
    }

    @Test
    void quotasOfCategoriesAndStylesAreRead() {
        QuotaSettings settings = read("""
                quotas:
                - {category: fraud, samples: 100}
                - {category: fraud, style: REFUSE, samples: 40}
                - {category: privacy, style: comply, samples: 0}
                """);
        assertThat(settings.quotas())
                .containsExactly(
                        new Quota("fraud", Optional.empty(), 100),
                        new Quota("fraud", Optional.of("refuse"), 40),
                        new Quota("privacy", Optional.of("comply"), 0));
        assertThat(settings).hasToString("fraud refuse: 40, fraud: 100, privacy comply: 0");
        assertThat(settings.categories()).containsExactly("fraud", "privacy");
        assertThat(read("{}").quotas()).isEmpty();
    }

    @Test
    void aCategoryHasALimitIfEachOfItsStylesHas() {
        QuotaSettings settings = read("""
                quotas:
                - {category: a, samples: 100}
                - {category: b, style: refuse, samples: 40}
                - {category: b, samples: 7}
                - {category: c, style: refuse, samples: 1}
                - {category: c, style: comply, samples: 2}
                - {category: c, style: safe_complete, samples: 3}
                - {category: d, style: comply, samples: 2}
                """);
        assertThat(settings.mostOf("a")).hasValue(100);
        assertThat(settings.mostOf("b")).hasValue(47);
        assertThat(settings.mostOf("c")).hasValue(6);
        assertThat(settings.mostOf("d")).isEmpty();
        assertThat(settings.mostOf("e")).isEmpty();
    }

    @Test
    void aQuotaBesideOneOfAStyleIsOfTheOtherStyles() {
        assertThat(read("quotas: [{category: a, samples: 9}, {category: a, style: refuse, samples: 4}, {category: b,"
                                + " samples: 2}]")
                        .describe())
                .isEqualTo("a other styles: 9, a refuse: 4, b: 2");
    }

    @Test
    void quotasSurviveAnOverride() {
        QuotaSettings settings = new QuotaSettings(
                List.of(new Quota("a: b", Optional.of("comply"), 3), new Quota("1e3", Optional.empty(), 4)));
        Recipe recipe = Recipe.parse("recipe.yaml", Path.of("").toAbsolutePath(), "dataset: d");
        settings.override(recipe);
        assertThat(QuotaSettings.read(recipe)).isEqualTo(settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{samples: 3}]                              | quotas[0]: has no category",
                "[{category: a}]                             | quotas[0]: samples is missing or not allowed",
                "[{category: a, samples: -1}]                | quotas[0]: samples is missing or not allowed",
                "[{category: a, samples: 1.5}]               | quotas[0]: samples is missing or not allowed",
                "[{category: a, samples: 1, stile: comply}]  | unknown key 'stile'; known are category, style, samples",
                "[{category: a, samples: 1, style: polite}]  | style 'polite' is not allowed; give one of comply, refuse",
                "[{category: a, samples: 1}, {category: a, samples: 2}] | quotas[1]: a second quota of a; give one",
                "[fraud]                                     | quotas: a list is not allowed; give a list of mappings",
                "3                                           | quotas: 3 is not allowed; give a list of mappings"
            })
    void aWrongQuotaIsNamed(String quotas, String problem) {
        assertThatThrownBy(() -> read("quotas: " + quotas))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }
}

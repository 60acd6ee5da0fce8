package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.Recipe;
import dev.precept.judging.EndpointSettings;
import dev.precept.spec.SpecFolder;
import dev.precept.workers.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} says how large excerpts are, whether they fit the model, and what no model sees. */
class SpecificationSummaryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("a.md"), "## Long {#long}\n\n" + "word ".repeat(4_000) + "\n");
        Files.writeString(folder.resolve("b.md"), """
                ## Short {#short}

                Text.

                ## Stray {#stray}

                Text.
                """);
        Files.writeString(folder.resolve("spec.yaml"), """
                name: t
                categories:
                  - {name: S, summary: s, clauses: [short]}
                  - {name: L, summary: l, clauses: [long]}
                """);
    }

    @Test
    void sizeAndFindingsAreLines() throws IOException {
        assertThat(summary().text(folder).lines().map(line -> line.replaceFirst("t [0-9a-f]{12}", "t HASH")))
                .containsExactly(
                        "t HASH, 2 categories, 3 clauses",
                        "largest excerpt: L, about 5,013 tokens",
                        "note: " + folder.resolve("b.md")
                                + ":5: no model sees clause 'stray': list it in a category or under principles");

        Files.writeString(folder.resolve("c.md"), "## Heading\nText.\n".repeat(21));
        assertThat(summary().text(folder).lines()).hasSize(2 + 20 + 1).last().isEqualTo("note: 2 more of this kind");
    }

    @Test
    void anExcerptThatDoesNotFitTheModelIsNamed() {
        SpecificationSummary summary = summary();
        assertThat(summary.contextNote(model(2_000), 8_192)).isEmpty();
        assertThat(summary.contextNote(model(2_000), 7_013)).isEmpty();
        assertThat(summary.contextNote(model(2_000), 7_012))
                .contains("its context of 7,012 tokens has no room for the largest excerpt (L, about 5,013 tokens)"
                        + " and max_tokens 2,000");
        assertThat(summary.contextNote(model(2_000), 0)).as("context unknown").isEmpty();
    }

    private SpecificationSummary summary() {
        return new SpecificationSummary(SpecFolder.load(folder));
    }

    private EndpointSettings model(int maxTokens) {
        return WorkerSettings.read(
                        Recipe.parse("recipe.yaml", folder, "generator: {max_tokens: " + maxTokens + "}"), Map.of())
                .generator();
    }
}

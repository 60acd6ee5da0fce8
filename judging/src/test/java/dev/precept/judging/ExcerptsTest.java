package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.CitationScreen;
import dev.precept.records.LeakScreen;
import dev.precept.records.Origin;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Excerpts are shared by all prompts of the same categories, and bounded in memory. */
class ExcerptsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Specification specification;

    @BeforeEach
    void load() throws IOException {
        Files.writeString(folder.resolve("clauses.md"), """
                # One {#one}
                %s
                # Two {#two}
                %s
                # Three {#three}
                %s
                """.formatted(
                        "a".repeat(10_000), "b".repeat(10_000), "c".repeat(10_000)));
        Files.writeString(folder.resolve("spec.yaml"), """
                name: small
                principles: []
                categories:
                  - {name: one, summary: About one., clauses: [one]}
                  - {name: two, summary: About two., clauses: [two]}
                  - {name: three, summary: About three., clauses: [three]}
                """);
        specification = SpecFolder.load(folder);
    }

    @Test
    void theOrderOfCategoriesMakesNoOtherExcerpt() throws Exception {
        Excerpts excerpts = new Excerpts(version -> specification);
        Excerpts.EncodedExcerpt first = excerpts.resolve("v", List.of("two", "three", "one"));
        assertThat(excerpts.resolve("v", List.of("one", "three", "two"))).isSameAs(first);
        assertThat(first.excerpt().categories()).containsExactly("one", "two", "three");
        assertThat(excerpts.cachedExcerpts()).isEqualTo(1);
    }

    @Test
    void theLastUsedExcerptsAreKeptUpToALimitOfBytes() throws Exception {
        Excerpts excerpts = new Excerpts(version -> specification, 100_000);
        Excerpts.EncodedExcerpt one = excerpts.resolve("v", List.of("one"));
        excerpts.resolve("v", List.of("two"));
        assertThat(excerpts.resolve("v", List.of("one"))).isSameAs(one);
        excerpts.resolve("v", List.of("three"));
        assertThat(excerpts.cachedExcerpts()).isEqualTo(2);
        assertThat(excerpts.resolve("v", List.of("one"))).isSameAs(one);
    }

    @Test
    void aPromptWithoutACategoryIsGivenTheExcerptItWasAdmittedWith() throws Exception {
        Excerpts excerpts = new Excerpts(version -> specification);
        Excerpt whole = specification.excerpt(List.of("one", "two", "three"));
        Excerpt summary = specification.excerpt(List.of());
        assertThat(excerpts.resolve(unlabelled(whole)).excerpt()).isEqualTo(whole);
        assertThat(excerpts.resolve(unlabelled(summary)).excerpt()).isEqualTo(summary);
        Prompt other = unlabelled(specification.excerpt(List.of("one")));
        assertThatThrownBy(() -> excerpts.resolve(other)).isInstanceOf(Excerpts.MismatchException.class);
    }

    private static Prompt unlabelled(Excerpt excerpt) {
        return Prompt.newBuilder()
                .setPromptId("cafe")
                .setOrigin(new Origin("a.jsonl", "1", 1L))
                .setMessages(List.of())
                .setCategories(List.of())
                .setSpecVersion("v")
                .setSpecExcerptSha256(excerpt.sha256())
                .setRunParameters(new RunParameters(
                        1,
                        1,
                        1,
                        8.0,
                        true,
                        512,
                        LeakScreen.OFF,
                        CitationScreen.OFF,
                        null,
                        PersonalScreen.OFF,
                        0.0,
                        false))
                .build();
    }
}

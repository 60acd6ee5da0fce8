package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

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
        Excerpts excerpts = new Excerpts(version -> specification, 50_000);
        Excerpts.EncodedExcerpt one = excerpts.resolve("v", List.of("one"));
        excerpts.resolve("v", List.of("two"));
        assertThat(excerpts.resolve("v", List.of("one"))).isSameAs(one);
        excerpts.resolve("v", List.of("three"));
        assertThat(excerpts.cachedExcerpts()).isEqualTo(2);
        assertThat(excerpts.resolve("v", List.of("one"))).isSameAs(one);
    }
}

package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.precept.content.Sha256;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An excerpt has one line for each category, the principles, and the clauses of its categories, each once. */
class ExcerptTest {
    @TempDir
    Path folder;

    private SpecFixture kitchen;
    private Specification specification;

    @BeforeEach
    void load() {
        kitchen = SpecFixture.kitchen(folder);
        specification = kitchen.load();
    }

    /** An excerpt of another form needs another {@link Excerpt#TEMPLATE}. */
    @Test
    void oneCategoryIsInFullAndTheOthersInOneLine() {
        assertThat(Excerpt.TEMPLATE).isEqualTo("excerpt/2");
        Excerpt excerpt = specification.excerpt(List.of("Knives"));
        assertThat(excerpt.text()).isEqualTo("""
                        # Categories

                        - Knives: Sharp things.
                        - Fire: Hot things.

                        # Style and helpfulness

                        ### Be brief {#be_brief}

                        Few words.

                        # Knives

                        ## Hold it well {#knives-K1}

                        By the handle.

                        # Both {#shared-S1}

                        Mind your fingers.""");
        assertThat(excerpt.sha256()).isEqualTo(Sha256.hex(excerpt.text()));
        assertThat(excerpt.clauseIds()).containsExactly("be_brief", "knives-K1", "shared-S1");
        assertThat(excerpt.categories()).containsExactly("Knives");
    }

    @Test
    void noAttributeOfAHeadingIsInAnExcerptAndTextInAFenceStays() {
        String fenced = "```\n# Sample {#sample action=refuse}\n```";
        kitchen.file(
                "clauses.md",
                SpecFixture.CLAUSES
                        .replace("action=comply", "action=\"a b\" authority=root")
                        .replace("Fire is hot.", fenced)
                        .replace("{#shared-S1}", "{#shared-S1 action=comply} ##"));
        Specification attributed = kitchen.load();

        Excerpt excerpt = attributed.excerpt(List.of("Knives", "Fire"));
        assertThat(attributed.clause("fire-F1").orElseThrow().attributes()).hasSize(2);
        assertThat(excerpt.text())
                .contains("# Fire {#fire}\n\n" + fenced + "\n\n## Put it out {#fire-F1}\n", "# Both {#shared-S1}\n");
        assertThat(excerpt.text().replace(fenced, "")).doesNotContain("action", "authority");
        assertThat(excerpt.clauseIds()).containsExactly("be_brief", "knives-K1", "shared-S1", "fire", "fire-F1");
    }

    @Test
    void anExcerptWithoutCategoriesHasLinesAndPrinciplesOnly() {
        Excerpt excerpt = specification.excerpt(List.of());
        assertThat(excerpt.clauseIds()).containsExactly("be_brief");
        assertThat(excerpt.text()).contains("- Fire: Hot things.").endsWith("Few words.");
    }

    @Test
    void severalCategoriesHaveTheOrderOfTheIndexAndShareOneExcerpt() {
        Excerpt excerpt = specification.excerpt(List.of("Fire", "Knives", "Fire"));
        assertThat(excerpt.categories()).containsExactly("Knives", "Fire");
        assertThat(excerpt.clauseIds()).containsExactly("be_brief", "knives-K1", "shared-S1", "fire", "fire-F1");
        assertThat(specification.excerpt(List.of("Knives", "Fire"))).isSameAs(excerpt);
    }

    @Test
    void aClauseThatIsListedTwiceIsWrittenOnceAndThenReferenced() {
        String text = specification.excerpt(List.of("Knives", "Fire")).text();
        assertThat(text)
                .containsOnlyOnce("{#shared-S1}")
                .containsOnlyOnce("{#be_brief}")
                .containsOnlyOnce("{#fire-F1}");
        assertThat(text).endsWith("These belong here too, and stand in full in another place: [shared-S1], [be_brief]");
    }

    @Test
    void aNestedClauseIsWrittenOnlyInsideTheOther() {
        for (String ids : List.of("[fire, fire-F1]", "[fire-F1, fire]")) {
            kitchen.file("spec.yaml", SpecFixture.INDEX.replace("[fire, shared-S1, be_brief]", ids));
            assertThat(kitchen.load().excerpt(List.of("Fire")).text())
                    .as(ids)
                    .containsOnlyOnce("With a lid.")
                    .contains("Fire is hot.\n\n## Put it out");
        }
        kitchen.file("spec.yaml", SpecFixture.INDEX.replace("principles: [be_brief]", "principles: [fire-F1]"));
        assertThat(kitchen.load().excerpt(List.of("Fire")).clauseIds())
                .containsExactly("fire", "fire-F1", "shared-S1", "be_brief");
        assertThat(kitchen.load().excerpt(List.of("Knives")).clauseIds())
                .containsExactly("fire-F1", "knives-K1", "shared-S1");
    }

    @Test
    void anUnknownCategoryIsReportedAndRefused() {
        assertThat(specification.unknownCategories(List.of("Fire", "fire", "Water")))
                .containsExactly("fire", "Water");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> specification.excerpt(List.of("Fire", "Water")))
                .withMessage("no category 'Water'; the categories are Knives, Fire");
    }

    @Test
    void anEditChangesTheHashesOfExactlyTheExcerptsWithTheClause() {
        for (Clause clause : specification.clauses()) {
            String label = "{#" + clause.id();
            kitchen.file("clauses.md", edited(label));
            Specification edited = kitchen.load();
            for (List<String> categories :
                    List.<List<String>>of(List.of(), List.of("Knives"), List.of("Fire"), List.of("Fire", "Knives"))) {
                Excerpt before = specification.excerpt(categories);
                Excerpt after = edited.excerpt(categories);
                assertThat(!before.sha256().equals(after.sha256()))
                        .as("%s in %s", clause.id(), categories)
                        .isEqualTo(before.clauseIds().contains(clause.id()));
                assertThat(before.sha256().equals(after.sha256()))
                        .isEqualTo(before.text().equals(after.text()));
            }
        }
    }

    private static String edited(String label) {
        int end = SpecFixture.CLAUSES.indexOf("\n", SpecFixture.CLAUSES.indexOf(label));
        return SpecFixture.CLAUSES.substring(0, end) + "\nEdited." + SpecFixture.CLAUSES.substring(end);
    }

    @Test
    void excerptsAreCachedAndSharedBetweenThreads() throws Exception {
        Excerpt first = specification.excerpt(List.of("Fire"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Excerpt>> requested = IntStream.range(0, 1_000)
                    .mapToObj(i -> threads.submit(() -> specification.excerpt(List.of("Fire"))))
                    .toList();
            for (Future<Excerpt> excerpt : requested) {
                assertThat(excerpt.get()).isSameAs(first);
            }
        }
    }

    @Test
    void anExcerptRequiresTheHashOfItsText() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Excerpt("text", Sha256.hex("other"), List.of(), List.of()));
    }
}

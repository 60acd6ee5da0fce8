package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public model spec and the starter's specification load unchanged. */
class RealSpecificationsTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", "."));
    private static final Path MODEL_SPEC = ROOT.resolve(Path.of("..", "shared", "data", "model-spec"));
    private static final Path STARTER = ROOT.resolve(Path.of("starter", "spec"));

    @Test
    void thePublicModelSpecLoads() {
        Specification specification = modelSpec();
        System.out.println("model-spec: " + specification + ", bundle of " + specification.compile().length + " bytes");
        assertThat(specification.categories()).hasSize(8);
        assertThat(specification.clauses()).extracting(Clause::id).hasSize(80);
        specification.categories().forEach(category -> {
            Excerpt excerpt = specification.excerpt(List.of(category));
            System.out.println(
                    "  " + excerpt.text().length() + " characters for " + category + " " + excerpt.clauseIds());
            assertThat(excerpt.clauseIds()).contains("assume_best_intentions", "be_clear", "refusal_style");
        });
    }

    @Test
    void theModelSpecsClausesEndWhereTheirSectionsEnd() {
        Specification specification = modelSpec();
        Clause hateful = specification.clause("avoid_hateful_content").orElseThrow();
        assertThat(hateful.level()).isEqualTo(4);
        assertThat(hateful.heading()).isEqualTo("Avoid hateful content directed at protected groups");
        assertThat(hateful.attributes()).containsOnlyKeys("authority");
        assertThat(hateful.text())
                .startsWith("#### Avoid hateful content")
                .doesNotContain("{#avoid_abuse ")
                .endsWith("Sorry, I can't help with that.\n</assistant>\n</comparison>\n~~~");
        assertThat(specification.clause("restricted_content").orElseThrow().text())
                .contains("{#avoid_info_hazards ", "{#protect_privacy ")
                .doesNotContain("{#sensitive_content}");
        assertThat(specification
                        .clause("support_programmatic_use")
                        .orElseThrow()
                        .text())
                .contains("\n# functions\n")
                .doesNotContain("{#style}");
    }

    @Test
    void theModelSpecEqualsTheOneRestoredFromItsBundle() {
        Specification specification = modelSpec();
        Specification restored = Specification.fromBundle(new String(specification.compile(), StandardCharsets.UTF_8));
        assertThat(restored).isEqualTo(specification);
        assertThat(restored.excerpt(specification.categories()))
                .isEqualTo(specification.excerpt(specification.categories()));
    }

    @Test
    void everyClauseOfTheModelSpecIsPartOfItsFile() throws IOException {
        Specification specification = modelSpec();
        String file = Files.readString(MODEL_SPEC.resolve("model_spec.md"));
        assertThat(specification.clauses())
                .allSatisfy(clause -> assertThat(file)
                        .containsOnlyOnce(
                                "{#" + clause.id() + (clause.attributes().isEmpty() ? "}" : " "))
                        .contains(clause.text()));
        assertThat(specification.clauses().stream()
                        .filter(clause -> clause.level() == 1)
                        .mapToInt(clause -> clause.text().length())
                        .sum())
                .isBetween(file.length() - 40, file.length());
    }

    @Test
    void theStarterSpecificationLoads() {
        assumeTrue(Files.isDirectory(STARTER), "there is no starter specification");
        Specification specification = SpecFolder.load(STARTER);
        System.out.println("starter: " + specification + ", bundle of " + specification.compile().length + " bytes");
        assertThat(specification.categories()).hasSize(8);
        assertThat(specification.categories())
                .allSatisfy(category -> assertThat(
                                specification.excerpt(List.of(category)).clauseIds())
                        .hasSizeGreaterThan(
                                specification.excerpt(List.of()).clauseIds().size()));
    }

    private static Specification modelSpec() {
        assumeTrue(Files.isDirectory(MODEL_SPEC), "the public model spec is not available");
        return SpecFolder.load(MODEL_SPEC);
    }
}

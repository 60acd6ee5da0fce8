package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.precept.content.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Equal specifications have the same bundle; its hash is their version, and it restores an equal specification. */
class BundleTest {
    @TempDir
    Path folder;

    private SpecFixture kitchen;
    private Specification specification;

    @BeforeEach
    void compile() {
        kitchen = SpecFixture.kitchen(folder);
        specification = kitchen.load();
    }

    @Test
    void theBytesAreCanonicalJson() {
        kitchen.file("spec.yaml", "name: n\ncategories: [{name: C, summary: 'Caf\u00e9 \"\\/', clauses: [a]}]")
                .file("clauses.md", "# \ud83d\ude00 {#a z=1 B=2}\n\t\b\f\u0001\u2028\u001f\u007f");
        String text = "# \ud83d\ude00 {#a z=1 B=2}\\n\\t\\b\\f\\u0001\u2028\\u001f\u007f";
        String sha256 = kitchen.load().clause("a").orElseThrow().sha256();
        assertThat(new String(kitchen.load().compile(), StandardCharsets.UTF_8))
                .isEqualTo("{\"categories\":[{\"clauses\":[\"a\"],\"name\":\"C\",\"summary\":\"Caf\u00e9 \\\"\\\\/\"}],"
                        + "\"clauses\":[{\"attributes\":{\"B\":\"2\",\"z\":\"1\"},\"heading\":\"\ud83d\ude00\",\"id\":\"a\","
                        + "\"level\":1,\"sha256\":\"" + sha256 + "\",\"text\":\"" + text + "\"}],"
                        + "\"name\":\"n\",\"principles\":[]}");
    }

    @Test
    void theVersionIsTheHashOfTheBytes() {
        assertThat(specification.version())
                .isEqualTo(Sha256.hex(new String(specification.compile(), StandardCharsets.UTF_8)))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void aBundleRestoresAnEqualSpecification() {
        Specification restored = restored(specification);
        assertThat(restored).isEqualTo(specification).hasSameHashCodeAs(specification);
        assertThat(restored.compile()).isEqualTo(specification.compile());
        assertThat(restored.clauses()).isEqualTo(specification.clauses());
        assertThat(restored.excerpt(List.of("Fire"))).isEqualTo(specification.excerpt(List.of("Fire")));
        assertThat(restored.name()).isEqualTo("kitchen");
    }

    @Test
    void clausesThatNoCategoryListsAreInTheBundle() {
        kitchen.file("more.md", "# Spare {#spare}");
        assertThat(restored(kitchen.load()).clause("spare"))
                .map(Clause::heading)
                .contains("Spare");
    }

    @Test
    void fileNamesOrderAndFormattingDoNotMatter() throws IOException {
        int both = SpecFixture.CLAUSES.indexOf("# Both");
        Files.delete(folder.resolve("clauses.md"));
        kitchen.file("z.md", SpecFixture.CLAUSES.substring(0, both).replace("\n", "\r\n"))
                .file(
                        "a.md",
                        "\uFEFF" + SpecFixture.CLAUSES.substring(both).stripTrailing()
                                + "\n# Readers only\n\nNo clause.")
                .file(
                        "spec.yaml",
                        "\uFEFF# A comment\n"
                                + SpecFixture.INDEX.replace("Sharp things.", ">\n      Sharp\n      things."));
        assertThat(kitchen.load()).isEqualTo(specification);
    }

    @Test
    void contentMatters() {
        List<String> edits = List.of("By the handle.", "authority=root", "With a lid.", "Fire is hot.", "Few words.");
        for (String edit : edits) {
            kitchen.file("clauses.md", SpecFixture.CLAUSES.replace(edit, edit + "x"));
            assertThat(kitchen.load()).as(edit).isNotEqualTo(specification);
        }
        kitchen.file("clauses.md", SpecFixture.CLAUSES);
        kitchen.file("spec.yaml", SpecFixture.INDEX.replace("Sharp", "Pointed"));
        assertThat(kitchen.load()).isNotEqualTo(specification);
    }

    @Test
    void anEditOfOneClauseChangesItsHashAndThatOfTheEnclosingClause() {
        kitchen.file("clauses.md", SpecFixture.CLAUSES.replace("With a lid.", "With sand."));
        Specification edited = kitchen.load();
        assertThat(edited.clauses())
                .filteredOn(clause -> !specification.clauses().contains(clause))
                .extracting(Clause::id)
                .containsExactly("fire", "fire-F1");
    }

    @Test
    void anythingButABundleIsRefused() {
        String bundle = new String(specification.compile(), StandardCharsets.UTF_8);
        for (String other : List.of(
                "",
                "null",
                "[]",
                "{}",
                bundle.substring(1),
                bundle + " ",
                bundle.replace("Sharp", "\\u0053harp"),
                bundle.replace("By the handle", "By the blade"),
                bundle.replace("\"level\":2", "\"level\":3"),
                bundle.replace("\"fire\",\"shared-S1\"", "\"ice\",\"shared-S1\""),
                bundle.replace("\"name\":\"Fire\"", "\"name\":\"Knives\""),
                bundle.replace("\"name\":\"kitchen\"", "\"name\":7"),
                bundle.replace("{\"categories\"", "{\"a\":1,\"categories\""))) {
            assertThat(other).isNotEqualTo(bundle);
            assertThatExceptionOfType(SpecException.class)
                    .as(other)
                    .isThrownBy(() -> Specification.fromBundle(other))
                    .withMessageStartingWith("not a specification bundle: ");
        }
    }

    private static Specification restored(Specification specification) {
        return Specification.fromBundle(new String(specification.compile(), StandardCharsets.UTF_8));
    }
}

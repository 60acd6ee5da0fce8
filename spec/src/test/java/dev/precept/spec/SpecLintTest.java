package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What loads, and no model sees, is found: with file, line and consequence. */
class SpecLintTest {
    @TempDir
    Path folder;

    @Test
    void aSpecificationThatIsShownAsAWholeHasNoFindings() {
        // "Before all.", a title without text and a heading inside of a clause are no findings.
        SpecFixture kitchen = SpecFixture.kitchen(folder)
                .file(
                        "more.md",
                        "# More\n\nFor readers of the file.\n\n## Both {#more}\n\nText.\n\n### Detail\n\nMore.\n")
                .file("spec.yaml", SpecFixture.INDEX.replace("[fire, ", "[more, fire, "));

        assertThat(SpecLint.check(folder, kitchen.load())).isEmpty();
    }

    @Test
    void aClauseThatNoCategoryListsIsFound() {
        assertThat(findings("# Drafts\n\n## Stray {#stray}\n\nText.\n"))
                .containsExactly(at(3) + "no model sees clause 'stray': list it in a category or under principles");
    }

    @Test
    void theTextAroundAnInnerClauseThatAloneIsListedIsFound() {
        assertThat(findings("## Outer {#outer}\n\nText.\n\n### Inner {#be_kind}\n\nText.\n", "be_kind"))
                .containsExactly(at(1) + "no model sees clause 'outer': list it in a category or under principles");
    }

    @Test
    void aHeadingWithoutIdIsFoundWhereTextStandsBelowIt() {
        assertThat(findings("# Drafts\n\n## Group\n\n### Heading\n\nText.\n"))
                .containsExactly(at(5) + "no model sees the text of 'Heading': the heading has no {#id}");
        assertThat(findings("# Forgotten\n\nText.\n"))
                .as("a file without any clause")
                .containsExactly(at(1) + "no model sees the text of 'Forgotten': the heading has no {#id}");
    }

    @Test
    void anEmptyClauseIsFound() {
        assertThat(findings(
                        "## Kind {#be_kind}\n\n \n## Outer {#outer}\n\n### Inner {#inner}\n\nText.\n",
                        "be_kind, outer"))
                .containsExactly(at(1) + "clause 'be_kind' has no text");
    }

    private List<String> findings(String markdown, String... listed) {
        SpecFixture kitchen = SpecFixture.kitchen(folder).file("drafts.md", markdown);
        if (listed.length > 0) {
            kitchen.file("spec.yaml", SpecFixture.INDEX.replace("[fire, ", "[" + listed[0] + ", fire, "));
        }
        return SpecLint.check(folder, kitchen.load());
    }

    private String at(int line) {
        return folder.resolve("drafts.md") + ":" + line + ": ";
    }
}

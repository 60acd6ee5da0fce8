package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An invalid folder is refused with all its problems, each in one line with file, line and what to do. */
class SpecFolderProblemsTest {
    @TempDir
    Path folder;

    private SpecFixture kitchen;

    @BeforeEach
    void writeAValidFolder() {
        kitchen = SpecFixture.kitchen(folder);
        assertThat(kitchen.load().categories()).containsExactly("Knives", "Fire");
    }

    @Test
    void aMissingFolder() {
        assertThat(problems(folder.resolve("gone")))
                .containsExactly(
                        folder.resolve("gone") + ": does not exist; name a folder with spec.yaml and Markdown files");
        assertThat(problems(folder.resolve("spec.yaml")))
                .singleElement()
                .asString()
                .contains("is not a folder");
    }

    @Test
    void anEmptyFolder() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(problems(empty))
                .containsExactly(empty + ": has neither a Markdown file nor spec.yaml; write the clauses to a "
                        + "file whose name ends in .md, and spec.yaml");
    }

    @Test
    void aFolderWithoutMarkdownOrWithoutIndex() throws IOException {
        Files.delete(folder.resolve("clauses.md"));
        assertThat(problems()).singleElement().asString().contains("no Markdown file");
        kitchen.file("clauses.md", SpecFixture.CLAUSES);
        Files.delete(folder.resolve("spec.yaml"));
        assertThat(problems()).singleElement().asString().startsWith(folder.resolve("spec.yaml") + ": does not exist;");
    }

    @Test
    void noCategories() {
        index("name: kitchen");
        assertThat(problems())
                .containsExactly(at("spec.yaml", 1)
                        + "no categories; add 'categories:' with a name, a summary and clauses for each");
        index("name: kitchen\ncategories: []");
        assertThat(problems()).singleElement().asString().startsWith(at("spec.yaml", 2) + "no categories");
        index("");
        assertThat(problems()).singleElement().asString().startsWith(at("spec.yaml", 1));
    }

    @Test
    void aCategoryWithoutClauses() {
        index(SpecFixture.INDEX.replace("[knives-K1, shared-S1]", "[]"));
        assertThat(problems())
                .containsExactly(
                        at("spec.yaml", 4) + "category 'Knives' has no clauses; list their ids under 'clauses'");
        index(SpecFixture.INDEX.replace("    clauses: [knives-K1, shared-S1]\n", ""));
        assertThat(problems()).singleElement().asString().contains("'Knives' has no clauses");
    }

    @Test
    void aDuplicateCategory() {
        index(SpecFixture.INDEX.replace("Fire", "Knives"));
        assertThat(problems())
                .containsExactly(at("spec.yaml", 7) + "category 'Knives' is already on line 4; rename or merge them");
    }

    @Test
    void missingClauses() {
        index(SpecFixture.INDEX.replace("be_brief]\ncat", "be_bright]\ncat").replace("fire,", "fire, ice,"));
        assertThat(problems())
                .containsExactly(
                        at("spec.yaml", 2)
                                + "clause 'be_bright' of the principles is in no Markdown file; end its heading "
                                + "in {#be_bright}, or remove it here",
                        at("spec.yaml", 9)
                                + "clause 'ice' of category 'Fire' is in no Markdown file; end its heading in "
                                + "{#ice}, or remove it here");
    }

    @Test
    void aDuplicateClauseIdNamesBothLocations() {
        kitchen.file("more.md", "text\n\n# Again {#fire-F1}");
        assertThat(problems())
                .containsExactly(at("more.md", 3) + "clause id 'fire-F1' is already at " + folder.resolve("clauses.md")
                        + ":19; give one of them another id");
    }

    @Test
    void blankTexts() {
        index(SpecFixture.INDEX
                .replace("Sharp things.", "\"  \"")
                .replace("Hot things.", "")
                .replace("kitchen", "~"));
        assertThat(problems())
                .containsExactly(
                        at("spec.yaml", 1) + "name is blank; write the name of the specification",
                        at("spec.yaml", 5) + "summary of category 'Knives' is blank; describe the category in one line",
                        at("spec.yaml", 8) + "summary of category 'Fire' is blank; describe the category in one line");
    }

    @Test
    void aSummaryOfSeveralLines() {
        index(SpecFixture.INDEX.replace("Sharp things.", "|\n      Sharp\n      things."));
        assertThat(problems()).singleElement().asString().contains("must be one line of plain text");
    }

    @Test
    void unknownAndDuplicateKeys() {
        index(SpecFixture.INDEX.replace("    clauses: [fire", "    clause: [x]\n    summary: More.\n    clauses: [fire")
                + "title: x\n");
        assertThat(problems())
                .containsExactly(
                        at("spec.yaml", 9) + "unknown key 'clause'; a category has name, summary, clauses, risk",
                        at("spec.yaml", 10) + "key 'summary' is already on line 8; keep one of them",
                        at("spec.yaml", 12) + "unknown key 'title'; a specification has name, principles, categories");
    }

    @Test
    void wrongTypes() {
        index("""
                name: [kitchen]
                principles: be_brief
                categories:
                  - Knives
                  - name: 3
                    summary: true
                    clauses: [fire, 12, [x], '', fire]
                """);
        assertThat(problems())
                .containsExactly(
                        at("spec.yaml", 1) + "name must be text; put quotes around it",
                        at("spec.yaml", 2) + "principles must be a list of clause ids, as in [be_clear, refusal_style]",
                        at("spec.yaml", 4) + "a category is a mapping with the keys name, summary and clauses",
                        at("spec.yaml", 5) + "name must be text; put quotes around it",
                        at("spec.yaml", 6) + "summary of a category without a name must be text; put quotes around it",
                        at("spec.yaml", 7)
                                + "a clause id of a category without a name must be text, not a number; put quotes around it",
                        at("spec.yaml", 7)
                                + "a clause id of a category without a name must be text, not a list; put quotes around it",
                        at("spec.yaml", 7)
                                + "a clause id of a category without a name must be text, not blank; put quotes around it",
                        at("spec.yaml", 7) + "a category without a name lists clause 'fire' twice; remove one");
        index("- Knives");
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("the file is a list; write one mapping with the keys name, principles");
        index(SpecFixture.INDEX + "---\nname: two\n");
        assertThat(problems()).singleElement().asString().contains("a second document");
        index(SpecFixture.INDEX.replace("name: kitchen", "name: &n kitchen").replace("Hot things.", "*n"));
        assertThat(problems()).singleElement().asString().contains("summary of category 'Fire' must be text");
    }

    @Test
    void aProblemIsOneLineEvenIfItQuotesLineBreaks() {
        index(SpecFixture.INDEX.replace("[fire,", "[\"i\\nce\\0\",").replace("name: Knives", "\"na\\nme\": Knives"));
        assertThat(problems())
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem.lines()).hasSize(1));
    }

    @Test
    void invalidYaml() {
        index("name: kitchen\nprinciples: [be_brief\ncategories: []\n");
        assertThat(problems()).singleElement().asString().startsWith(at("spec.yaml", 3) + "not YAML (");
        index("name: kitchen\n\tcategories: []\n");
        assertThat(problems())
                .containsExactly(
                        at("spec.yaml", 2) + "not YAML (found character '\\t(TAB)' that cannot start any token. "
                                + "(Do not use \\t(TAB) for indentation)); correct the syntax, or quote the text");
    }

    @Test
    void bytesThatAreNotUtf8AreNotReportedAsMissingClauses() {
        byte[] latin = "# Café {#fire}\nText\nCafé".getBytes(StandardCharsets.ISO_8859_1);
        latin[5] = 'e';
        kitchen.file("clauses.md", latin);
        assertThat(problems()).containsExactly(at("clauses.md", 3) + "not UTF-8; save the file in UTF-8");
        kitchen.file("spec.yaml", new byte[] {'a', (byte) 0xff});
        assertThat(problems()).contains(at("spec.yaml", 1) + "not UTF-8; save the file in UTF-8");
        kitchen.file("clauses.md", new byte[] {'a', '\n', (byte) 0xe2, (byte) 0x82});
        assertThat(problems()).contains(at("clauses.md", 2) + "not UTF-8; save the file in UTF-8");
    }

    @Test
    void aFileWithoutReadPermission() throws IOException {
        Path locked = folder.resolve("clauses.md");
        assumeTrue(locked.toFile().setReadable(false) && !Files.isReadable(locked), "this user may read everything");
        assertThat(problems())
                .containsExactly(locked + ": cannot be read (AccessDeniedException); check its permissions");
    }

    @Test
    void aFolderThatIsTooLarge() {
        kitchen.file("a.md", new byte[5 << 20]).file("b.md", new byte[5 << 20]);
        assertThat(problems())
                .containsExactly(folder + ": its files have more than 8 MiB; keep only the specification there");
    }

    @Test
    void aBundleThatIsTooLargeToSend() {
        String body = "x".repeat(1 << 20);
        kitchen.file("deep.md", "# 1 {#l-1}\n## 2 {#l-2}\n### 3 {#l-3}\n#### 4 {#l-4}\n" + body);
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("the compiled specification has")
                .contains("nest them less deeply");
    }

    @Test
    void problemsOfAllFilesAreReportedTogether() {
        index(SpecFixture.INDEX.replace("Sharp things.", "''").replace("fire,", "ice,"));
        kitchen.file("more.md", "# Again {#fire}\n# Bad {#a b}\n```\n");
        assertThat(problems())
                .hasSize(5)
                .allMatch(problem -> problem.startsWith(folder + "/") && problem.contains("; "));
    }

    @Test
    void everyProblemIsInTheMessageToo() {
        index(SpecFixture.INDEX.replace("Sharp things.", "''").replace("Hot things.", "''"));
        assertThatExceptionOfType(SpecException.class)
                .isThrownBy(kitchen::load)
                .satisfies(e -> assertThat(e).hasMessage(String.join("\n", e.problems())));
    }

    private void index(String yaml) {
        kitchen.file("spec.yaml", yaml);
    }

    private String at(String file, int line) {
        return folder.resolve(file) + ":" + line + ": ";
    }

    private List<String> problems() {
        return problems(folder);
    }

    private static List<String> problems(Path folder) {
        try {
            SpecFolder.load(folder);
            return List.of();
        } catch (SpecException e) {
            return e.problems();
        }
    }
}

package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A clause extends from its heading to the next heading of the same or a higher level. */
class ClauseBoundariesTest {
    @Test
    void aClauseEndsBeforeTheNextHeadingOfItsLevel() {
        assertThat(clauses("## A {#a}\nbody a\n## B {#b}\nbody b"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", "## A {#a}\nbody a", "b", "## B {#b}\nbody b"));
    }

    @Test
    void aClauseEndsBeforeAHigherHeadingWithoutAnId() {
        assertThat(clauses("## A {#a}\nbody\n# Chapter\nnot its own")).containsEntry("a", "## A {#a}\nbody");
    }

    @Test
    void lowerHeadingsWithAndWithoutIdAreIncludedOnce() {
        String text = "# A {#a}\nbody\n### Deep {#deep}\ndeep body\n## Plain\nplain body";
        assertThat(clauses(text))
                .containsEntry("a", text)
                .containsEntry("deep", "### Deep {#deep}\ndeep body")
                .hasSize(2);
    }

    @Test
    void aHashInsideAFenceIsText() {
        for (String fence : List.of("```", "~~~", "`````", "~~~~")) {
            String text = "# A {#a}\n" + fence + "sh\n# not a heading {#no}\n" + fence + "\nafter";
            assertThat(clauses(text)).containsOnly(Map.entry("a", text));
        }
    }

    @Test
    void onlyAFenceOfTheSameCharacterAndAtLeastTheSameLengthCloses() {
        for (String still : List.of("```", "~~~~", "```` x", "    ````", "text ````")) {
            assertThat(clauses("````\n" + still + "\n# A {#a}\n````\n"))
                    .as(still)
                    .isEmpty();
        }
        for (String closing : List.of("````", "``````", "   ````", "````  ")) {
            assertThat(clauses("````\n" + closing + "\n# A {#a}\n")).as(closing).containsOnlyKeys("a");
        }
    }

    @Test
    void inlineCodeAndShortOrIndentedMarkersOpenNoFence() {
        for (String line : List.of("```inline```", "``", "~~", "    ```", "a ```")) {
            assertThat(clauses(line + "\n# A {#a}\n")).as(line).containsOnlyKeys("a");
        }
    }

    @Test
    void aFenceThatNeverClosesIsAProblem() {
        assertThat(Markdown.parse("# A {#a}\n\n~~~~xml\n# B {#b}\n~~~").problems())
                .containsExactly(new Markdown.Problem(
                        3,
                        "unclosed code fence, so the rest of the file is code; close it with a line of 4 or more ~"));
    }

    @Test
    void linesThatOnlyResembleAHeadingAreText() {
        for (String line :
                List.of("#tag {#no}", "####### Seven {#no}", "    # Code {#no}", "> # Quote {#no}", "\t# Tab {#no}")) {
            assertThat(clauses("# A {#a}\n" + line)).as(line).containsOnly(Map.entry("a", "# A {#a}\n" + line));
        }
    }

    @Test
    void lineEndsAreNormalisedAndOnlyTheEndIsStripped() {
        assertThat(clauses("## A {#a}\r\n\r\nhard break  \r\nold\rmac \r\n\r\n \t\r\n# Z"))
                .containsEntry("a", "## A {#a}\n\nhard break  \nold\nmac");
    }

    @Test
    void aHeadingIsReadWithItsAttributes() {
        Clause clause = only("   ### Refuse *this* ## {#illicit-K3 authority=root action=refuse note=\"two words\"}  ");
        assertThat(clause.id()).isEqualTo("illicit-K3");
        assertThat(clause.level()).isEqualTo(3);
        assertThat(clause.heading()).isEqualTo("Refuse *this*");
        assertThat(clause.attributes()).isEqualTo(Map.of("authority", "root", "action", "refuse", "note", "two words"));
        assertThat(clause.sha256()).isEqualTo(Sha256.hex(clause.text()));
        assertThat(only("## In C# {#c_sharp} ##").heading()).isEqualTo("In C#");
    }

    @Test
    void anInvalidLabelIsAProblemAndStillEndsThePreviousClause() {
        for (String label : List.of(
                "{#}", "{# a}", "{#a.b}", "{#-a}", "{#a b}", "{#a .b}", "{#a k=}", "{#a k=v k=w}", "{#a k=\"v}")) {
            Markdown markdown = Markdown.parse("# Z {#z}\n\n# A " + label + "\nbody");
            assertThat(markdown.problems()).as(label).singleElement().satisfies(problem -> {
                assertThat(problem.line()).isEqualTo(3);
                assertThat(problem.what()).contains(";");
            });
            assertThat(markdown.clauses())
                    .extracting(locatedClause -> locatedClause.clause().text())
                    .containsExactly("# Z {#z}");
        }
    }

    @Test
    void otherBracesAreText() {
        assertThat(clauses("# Sets {a, b}\n# More {#a} words\n# {}")).isEmpty();
    }

    private static Clause only(String text) {
        return Markdown.parse(text).clauses().getFirst().clause();
    }

    private static Map<String, String> clauses(String text) {
        return Markdown.parse(text).clauses().stream()
                .map(Markdown.LocatedClause::clause)
                .collect(Collectors.toMap(Clause::id, Clause::text));
    }
}

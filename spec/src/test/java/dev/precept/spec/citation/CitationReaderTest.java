package dev.precept.spec.citation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.text.SearchedText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CitationReaderTest {
    private static final Specification NUMBERED =
            SpecFolder.load(Path.of("src", "test", "resources", "dev", "precept", "spec", "citation", "eight"));
    private static final Specification STARTER =
            SpecFolder.load(Path.of(System.getProperty("precept.root", ".."), "starter", "spec"));

    private static CitationReport read(Specification specification, String reasoning, String question) {
        return new CitationReader(specification).read(SearchedText.of(reasoning), SearchedText.of(question), List.of());
    }

    /** Clauses with their forms, then what is false. */
    private static String found(CitationReport report) {
        String cited = report.cited().stream()
                .map(clause -> clause.clause() + "="
                        + clause.forms().stream()
                                .map(CitationReport.Form::label)
                                .collect(Collectors.joining("+")) + (clause.count() > 1 ? " x" + clause.count() : ""))
                .collect(Collectors.joining(" "));
        return cited
                + report.falseCitations().stream()
                        .map(one -> " !" + one.form().label() + ":" + one.text())
                        .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "The Privacy / Personal Data policy rules this out. | p7=heading",
                "the privacy and personal data section rules this out | p7=heading",
                "The harassment policy and the criminal behavior policy both count. | p1=heading p5=heading",
                "the ones related to violence and criminal behavior | p3=heading p5=heading",
                "The hate speech policy is the main one. | p1=heading",
                "It falls under Intellectual Property, so no copy. | p8=heading",
                "We value privacy, and violence is bad. |",
                "The site's privacy policy may help; look for a privacy policy. |",
                "Section 5 says so. | p5=number",
                "See section 5. 3 apples are left. | p5=number",
                "Policy sections 5.1 and 7.1 say so. | p5-1=number p7-1=number",
                "section 5.1: Refusal to Assist | p5-1=number+heading",
                "the Self-Harm policy (section 4) | p4=heading+number",
                "the Sexual/Adult policy, section 1 says | p2-1=heading+number",
                "the Illicit/Criminal Behavior policy. Rule 1 there states | p5=heading p5-1=number",
                "rule 2 under Illicit/Criminal Behavior | p5-2=number+heading",
                "Rule 1 says so. |",
                "Rule 34 and Section 230 of the Communications Act, title 18, section 5. |",
                "Section 5 of your lease forbids it. |",
                "Policy section 9 says so. | !number:Policy section 9",
                "Section 5.9 says so. | !number:Section 5.9",
                "the Health/Physical Harm policy | !heading:Health/Physical Harm policy",
                "Under the Medical Advice policy, no. | !heading:Medical Advice policy",
                "The policy on \"Weapons and tools\" says no. | !heading:Weapons and tools",
                "See [p9-x] and [p5-1]. | p5-1=id !id:p9-x",
                "The Privacy policy does not apply here. |",
                "[p5-1] does not really apply, but [p7-1] does. | p7-1=id",
                "The Violence section is relevant, and the Privacy section isn't. | p3=heading p7=heading",
                "Other sections like 1, 3, or 5 don't come into play. |",
                "This is not about the Harassment policy. |",
                "This does not only concern the Harassment policy. | p1=heading",
                "The policy says: \"Decline steps, tools and cover for an offence.\" | p5-1=quote",
                "The policy says: \"Never talk about the weather on Sundays.\" | !quote:Never talk about the weather on Sundays.",
                "The policy says to refuse, like \"I am sorry, I will not do that.\" |",
                "Tell how crimes were done and found out, at the level of a textbook. | p5-2=quote",
                "Die Regel zu Self-Harm verlangt das. | p4=heading",
                "La política de Intellectual Property lo prohíbe. | p8=heading",
                "第5条 规定如此。 | p5=number",
            })
    void aNumberedSpecificationIsCitedByIdHeadingNumberAndQuote(String reasoning, String expected) {
        assertThat(found(read(NUMBERED, reasoning, "Is it allowed?")).strip())
                .isEqualTo(expected == null ? "" : expected.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[illicit-facilitate] (Facilitation of crime) forbids it. | illicit-facilitate=id+heading",
                "The section on Admission of a past act wants kindness. | illicit-admission=heading",
                "I follow Planning or carrying out an attack here. | violence-harm=heading",
                "The user is not planning or carrying out an attack. |",
                "The Privacy policy and the Self-harm section matter. |",
                "The Privacy / Personal Data section matters. | !heading:Privacy / Personal Data section",
                "Section 5 and rule 2 matter. |",
                "Policy section 5 matters. | !number:Policy section 5",
            })
    void aSpecificationWithoutNumbersIsCitedByIdAndHeading(String reasoning, String expected) {
        assertThat(found(read(STARTER, reasoning, "Is it allowed?")).strip())
                .isEqualTo(expected == null ? "" : expected.strip());
    }

    @Test
    void whatTheConversationHoldsIsTheUsers() {
        assertThat(found(read(
                        NUMBERED,
                        "The user asks about section 5 and the privacy policy, and quotes: the policy says \"no dogs, no cats, no birds\".",
                        "Our section 5 and the privacy policy: the policy says no dogs, no cats, no birds. Why?")))
                .isEmpty();
    }

    @Test
    void clausesAreCountedByThePlaceThatThePromptGivesThem() {
        CitationReport report = new CitationReader(STARTER)
                .read(
                        SearchedText.of("[illicit-general] applies, [style-comply] says how, [privacy-work] is near."),
                        SearchedText.of(""),
                        List.of("Illicit behavior"));
        assertThat(report.cited())
                .extracting(cited -> cited.clause() + " " + cited.place().label())
                .containsExactly("illicit-general category", "style-comply principle", "privacy-work other");
    }

    @Test
    void theVerbatimShareIsThatOfRunsOfTheSpecification() {
        String run = "Tell how crimes were done and found out, at the level of a textbook.";
        assertThat(read(NUMBERED, run, "").verbatimShare()).isEqualTo(1);
        assertThat(read(NUMBERED, run + " And then we walked on to see what else one could do in town.", "")
                        .verbatimShare())
                .isEqualTo(0.5);
        assertThat(read(NUMBERED, "", "").verbatimShare()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "the Self-Harm policy / ",
        "section 1 and 1, ",
        "policy section ",
        "\"The policy says \"",
        "Privacy/",
        "[p5] not ",
        "The A",
        "not the of "
    })
    @Timeout(20)
    void hostileTextTakesTimeProportionalToItsLength(String piece) {
        CitationReader reader = new CitationReader(NUMBERED);
        String text = piece.repeat(40_000 / piece.length());
        long start = System.nanoTime();
        reader.read(SearchedText.of(text), SearchedText.of(text.substring(0, 2_000)), List.of());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"the Privacy policy, section 5, ", "规则第5条说，"})
    @Timeout(120)
    void fourTimesTheCitationsTakeNotMuchMoreThanFourTimesTheTime(String piece) {
        CitationReader reader = new CitationReader(NUMBERED);
        Duration _ = time(reader, piece.repeat(20_000 / piece.length()));
        Duration one = time(reader, piece.repeat(80_000 / piece.length()));
        Duration four = time(reader, piece.repeat(320_000 / piece.length()));
        assertThat(four).isLessThan(one.multipliedBy(9).plusMillis(500));
    }

    private static Duration time(CitationReader reader, String text) {
        long start = System.nanoTime();
        reader.read(SearchedText.of(text), SearchedText.of("Is it allowed?"), List.of());
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    @Timeout(60)
    void tenThousandFalseCitationsAreLocatedInOnePass() {
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < 10_000; n++) {
            text.append("By clause [qx").append(letters(n)).append(" and other] it is. ");
        }
        CitationReader reader = new CitationReader(NUMBERED);
        long start = System.nanoTime();
        List<CitedSpan> spans = reader.locate(SearchedText.of(text.toString()), SearchedText.of("Is it allowed?"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(spans)
                .hasSize(20_000)
                .allSatisfy(span ->
                        assertThat(text.substring(span.start(), span.end())).matches("qx[a-j]+|other"));
    }

    private static String letters(int n) {
        return String.valueOf(n)
                .chars()
                .mapToObj(digit -> String.valueOf((char) (digit - '0' + 'a')))
                .collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "By **[harassment-banter]** it is fine. | harassment-banter",
                "By [harassment-\u00adbanter\u200b] it is fine. | harassment-\u00adbanter",
                "By [harassment\\-banter] it is fine. | harassment\\-banter",
                "By [privacy-unknown-rule] it is fine. | privacy-unknown-rule",
                "By [fire-F1] it is fine, and fire-F10 is a number. | fire-F1",
                "By [clause fire-F1] it is fine. | fire-F1",
                "See [it](#fire-F1). | fire-F1",
                "By clause [health] it is healthy, and good for health. | health",
                "By clause [`health`] it is healthy. | health",
                "By clause [rule health] it is healthy. | health",
            })
    void aCitationIsLocatedInTheTextAsWritten(String reasoning, String expected) {
        assertThat(new CitationReader(STARTER).locate(SearchedText.of(reasoning), SearchedText.of("")))
                .extracting(span -> reasoning.substring(span.start(), span.end()))
                .containsExactly(expected);
    }

    @Test
    void aQuoteWithALigatureIsLocatedInTheTextAsWritten() {
        String written = "*Write light* jokes between friends when they aim at deeds and habits and all would laugh"
                .replace("fr", "fr\u00ad");
        String reasoning = "Ef\ufb01cient: \u201c" + written + ".\u201d So be it.";
        List<CitedSpan> spans = new CitationReader(STARTER).locate(SearchedText.of(reasoning), SearchedText.of(""));
        assertThat(spans).hasSize(1);
        assertThat(spans.getFirst().clause()).hasValue("harassment-banter");
        assertThat(reasoning.substring(
                        spans.getFirst().start(), spans.getFirst().end()))
                .startsWith("Write light* jokes")
                .endsWith("would laugh");
    }
}

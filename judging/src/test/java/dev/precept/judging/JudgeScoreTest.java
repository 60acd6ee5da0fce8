package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.precept.judging.JudgeScore.Parsed.Invalid;
import dev.precept.judging.JudgeScore.Parsed.Valid;
import dev.precept.records.ResponseStyle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A vote is read leniently in form and strictly in value. */
class JudgeScoreTest {
    private static final String CRITERIA =
            "{\"correctness\": 9, \"helpfulness\": 8, \"compliance\": 10, \"reasoning\": 0}";
    private static final String VALID = """
            {"criteria": %s, "score": 7, "response_style": "safe_complete", "reason": "Fine."}""".formatted(CRITERIA);
    private static final String WITH_AGREEMENT = VALID.replace("\"score\"", "\"agree\": false, \"score\"");

    @Test
    void aValidVoteIsParsed() {
        assertThat(score(VALID, false))
                .isEqualTo(new JudgeScore(
                        7,
                        Map.of("correctness", 9.0, "helpfulness", 8.0, "compliance", 10.0, "reasoning", 0.0),
                        null,
                        ResponseStyle.SAFE_COMPLETE,
                        "Fine."));
        assertThat(score(WITH_AGREEMENT, true).agree()).isFalse();
    }

    @Test
    void agreementIsRequiredWithSideInformationOnly() {
        assertThat(fault(VALID, true)).isEqualTo("agree is missing");
        assertThat(score(WITH_AGREEMENT, false).agree()).isNull();
        assertThat(score(WITH_AGREEMENT.replace("false", "\"True\""), true).agree())
                .isTrue();
        assertThat(fault(WITH_AGREEMENT.replace("false", "\"yes\""), true)).isEqualTo("agree is not true or false");
        assertThat(VoteSchema.of(Criteria.PRECEPT, true)
                        .schema()
                        .schema()
                        .at("/required")
                        .toString())
                .contains("\"agree\"");
        assertThat(VoteSchema.of(Criteria.PRECEPT, false).schema().schema().toString())
                .doesNotContain("agree");
    }

    /** V: a valid vote with the score 7. Rows with | have the text of a vote and its replacement. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "V",
                "My vote: V",
                "V That is my vote.",
                " \n V \r\n",
                "```json\nV\n```",
                "```\nV\n```\nThat is all.",
                "~~~JSON V ~~~",
                "**Grade**\n\n- V",
                "[V]",
                "<vote>V</vote>",
                "By {a} and {\"b\": 1}: V {",
                "First {\"score of the clause\": 1}, then V",
                "{\"criteria\": {\"correctness\": 1}, \"sco ... no, again: V",
                "<think>Maybe {\"score\": 3}?</think>V",
                "Maybe {\"score\": 3, \"criteria\": {}}?\n</think>\n\n```json\nV\n```",
                "<think>a</think>{\"score\": 1}<think>b</think>V",
                "{{{{{{{{ }}}} V",
                "\"score\": 7 | \"score\": 7.0",
                "\"score\": 7 | \"score\": 7.000",
                "\"score\": 7 | \"score\": 0.7e1",
                "\"score\": 7 | \"score\": 70e-1",
                "\"score\": 7 | \"score\": \"7\"",
                "\"score\": 7 | \"score\": \" 7.0 \"",
                "\"score\": 7 | \"score\":7",
                "\"score\": 7 | \"confidence\": 0.9, \"score\": 7",
                "\"score\": 7 | \"notes\": {\"score\": 2, \"criteria\": {}}, \"score\": 7",
                "\"correctness\": 9 | \"correctness\": \"9\", \"beauty\": \"none\"",
                "safe_complete | Safe_Complete",
                "safe_complete | SAFE-COMPLETE",
                "safe_complete |  safe complete ",
                "\"Fine.\"} | \"Fine.\",}",
            })
    void aVoteInAnyFormIsRead(String form) {
        JudgeScore vote = score(answer(form), false);
        assertThat(vote).isEqualTo(score(VALID, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"score\": 7 | \"score\": 11 | score is 11.0, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": -1 | score is -1.0, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": 8.5 | score is 8.5, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": 1e999 | score is Infinity, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": NaN | score is NaN, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": -Infinity | score is -Infinity, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": 4294967303 | score is 4.294967303E9, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": null | score is no number",
                "\"score\": 7 | \"score\": true | score is no number",
                "\"score\": 7 | \"score\": [7] | score is no number",
                "\"score\": 7 | \"score\": {\"value\": 7} | score is no number",
                "\"score\": 7 | \"score\": \"\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"seven\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"7/10\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"10/10\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"7.5\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"11\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"-7\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"7e0\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"NaN\" | score is text and no whole number",
                "\"score\": 7 | \"score\": \"７\" | score is text and no whole number",
                "\"score\": 7, | `` | score is missing",
                "\"score\": 7 | \"Score\": 7 | score is missing",
                "\"score\": 7 | \"score\": 7, \"score\": 9 | a key occurs twice",
                "\"score\": 7 | \"score\": 7, \"score\": 7 | a key occurs twice",
                "\"correctness\": 9 | \"correctness\": 9, \"correctness\": 1 | a key occurs twice",
                "\"score\": 7 | \"score\": 07 | the answer holds no JSON object",
                "\"score\": 7 | \"score\": 7/10 | the answer holds no JSON object",
                "\"score\": 7 | \"score\": seven | the answer holds no JSON object",
                "\"score\" | 'score' | the answer holds no JSON object",
                "safe_complete | other | response_style is none of the schema",
                "safe_complete | refusal | response_style is none of the schema",
                "\"safe_complete\" | 2 | response_style is none of the schema",
                "\"safe_complete\" | null | response_style is none of the schema",
                "\"Fine.\" | null | reason is not text",
                "\"Fine.\" | [\"Fine.\"] | reason is not text",
                ", \"reason\": \"Fine.\" | `` | reason is missing",
                "\"correctness\": 9, | `` | criteria.correctness is missing",
                "\"correctness\": 9 | \"correctness\": 10.5 | criteria.correctness is 10.5, not a whole number from 0 to 10",
                "\"correctness\": 9 | \"correctness\": \"good\" | criteria.correctness is text and no whole number",
                "{\"correctness\": 9, \"helpfulness\": 8, \"compliance\": 10, \"reasoning\": 0} | 9 | criteria.correctness is missing",
            })
    void anInvalidValueIsNoVoteAndIsNamed(String valid, String invalid, String why) {
        String broken = VALID.replace(valid, invalid);
        assertThat(broken).isNotEqualTo(VALID);
        assertThat(fault(broken, false)).isEqualTo(why);
        assertThat(fault("```json\n" + broken + "\n```", false)).isEqualTo(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VW | the answer holds 2 votes, and one is asked for",
                "VV | the answer holds 2 votes, and one is asked for",
                "V or rather W | the answer holds 2 votes, and one is asked for",
                "[V, W] | the answer holds 2 votes, and one is asked for",
                "{\"score\": 9} V | the answer holds 2 votes, and one is asked for",
                "V {\"done\": true} | criteria is missing",
                "{\"vote\": V} | criteria is missing",
                "{\"vote\": V | the answer holds no JSON object",
                "<think>V</think> | the answer holds no JSON object",
                "<think>V</think> Done. | the answer holds no JSON object",
                "`` | the answer is empty",
                "null | the answer holds no JSON object",
                "7 | the answer holds no JSON object",
                "9/10 | the answer holds no JSON object",
                "[] | the answer holds no JSON object",
                "{} | criteria is missing",
                "score: 7 | the answer holds no JSON object",
                "{\"score\": 7 | the answer holds no JSON object",
            })
    void anAnswerWithoutExactlyOneVoteIsNone(String form, String why) {
        String other = VALID.replace("\"score\": 7", "\"score\": 8");
        assertThat(fault(form.replace("W", other).replace("V", VALID), false)).isEqualTo(why);
    }

    /** As above. Each form is counted: a judge that does not answer as it is asked to may do more otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "V => NUMBER => ALONE",
                " V  => NUMBER => ALONE",
                "\"score\": 7 | \"score\": 7.0 => DECIMAL => ALONE",
                "\"score\": 7 | \"score\": 70e-1 => DECIMAL => ALONE",
                "\"score\": 7 | \"score\": \"7\" => TEXT => ALONE",
                "\"correctness\": 9 | \"correctness\": \"9\" => TEXT => ALONE",
                "\"correctness\": 9, \"helpfulness\": 8 | \"correctness\": 9.0, \"helpfulness\": \"8\" => TEXT => ALONE",
                "```json V ``` => NUMBER => FENCED",
                "~~~ V ~~~ => NUMBER => FENCED",
                "```json V ``` Done. => NUMBER => WITH_TEXT",
                "```json V => NUMBER => WITH_TEXT",
                "My vote: V => NUMBER => WITH_TEXT",
                "[V] => NUMBER => WITH_TEXT",
                "<think>a</think>V => NUMBER => AFTER_THINK",
                "a</think> ```json V ``` => NUMBER => AFTER_THINK",
            })
    void theFormOfAVoteIsKnown(String form, VoteForm.Notation notation, VoteForm.Surroundings surroundings) {
        Valid valid = (Valid) read(answer(form), false);
        assertThat(valid.form()).isEqualTo(new VoteForm(notation, surroundings));
        assertThat(valid.score()).isEqualTo(score(VALID, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "'' => EMPTY",
                "The answer is good: 10/10. => NO_OBJECT",
                "VV => SEVERAL_VOTES",
                "\"score\": 7 | \"score\": 7, \"score\": 9 => REPEATED_KEY",
                "\"correctness\" | \"corectness\" => MISSING_MEMBER",
                "\"score\": 7 | \"score\": \"10/10\" => NO_WHOLE_NUMBER",
                "\"score\": 7 | \"score\": NaN => NO_WHOLE_NUMBER",
                "\"score\": 7 | \"score\": 8.5 => NO_WHOLE_NUMBER",
                "safe_complete | other => WRONG_VALUE",
                "\"Fine.\" | null => WRONG_VALUE",
            })
    void theKindOfAFaultIsKnown(String form, VoteFault fault) {
        assertThat(((Invalid) read(answer(form), false)).fault()).isEqualTo(fault);
    }

    @Test
    void agreementMayBeGivenInTheWordsOfThePaper() {
        assertThat(score(WITH_AGREEMENT.replace("false", "\"Agree\""), true).agree())
                .isTrue();
        assertThat(score(WITH_AGREEMENT.replace("false", "\"Disagree\""), true).agree())
                .isFalse();
    }

    @Test
    void aReasonMaySpeakOfTagsAndHaveLinesOfItsOwn() {
        String reason = "It shows </think> and {\\\"score\\\": 10},\nthen <think>.";
        assertThat(score(VALID.replace("Fine.", reason), false).reason())
                .isEqualTo("It shows </think> and {\"score\": 10},\nthen <think>.");
        assertThat(score("<think>a</think>\n```json\n" + VALID.replace("Fine.", reason) + "```", false)
                        .score())
                .isEqualTo(7);
    }

    @Test
    void theReasonIsAskedForBeforeTheScore() {
        assertThat(VoteSchema.of(Criteria.PRECEPT, true)
                        .schema()
                        .schema()
                        .path("properties")
                        .fieldNames())
                .toIterable()
                .containsExactly("reason", "criteria", "agree", "response_style", "score");
    }

    @Test
    void aLongReasonIsCutAtFourKibibytes() {
        String reason =
                score(VALID.replace("Fine.", "ü".repeat(6 << 20)), false).reason();
        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(4_092, 4_096);
    }

    @Test
    void aReasonWithHalfOfASurrogatePairIsKept() {
        assertThat(score(VALID.replace("Fine.", "\\ud83d Fine."), false).reason())
                .isEqualTo("\ufffd Fine.");
    }

    @Test
    void aTextOfBracesCostsLittle() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(read("{\"a\":\"".repeat(10_000), false)).isInstanceOf(Invalid.class));
    }

    private static String answer(String form) {
        int bar = form.indexOf(" | ");
        return bar < 0 ? form.replace("V", VALID) : VALID.replace(form.substring(0, bar), form.substring(bar + 3));
    }

    private static JudgeScore score(String answer, boolean sideInfo) {
        assertThat(read(answer, sideInfo)).isInstanceOf(Valid.class);
        return ((Valid) read(answer, sideInfo)).score();
    }

    private static String fault(String answer, boolean sideInfo) {
        assertThat(read(answer, sideInfo)).isInstanceOf(Invalid.class);
        return ((Invalid) read(answer, sideInfo)).why();
    }

    private static JudgeScore.Parsed read(String answer, boolean sideInfo) {
        return JudgeScore.read(answer, VoteSchema.of(Criteria.PRECEPT, sideInfo));
    }
}

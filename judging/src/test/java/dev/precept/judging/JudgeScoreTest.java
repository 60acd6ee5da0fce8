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

/** An answer that deviates from the requested schema is no vote. */
class JudgeScoreTest {
    private static final String CRITERIA =
            "{\"correctness\": 9, \"helpfulness\": 8, \"compliance\": 10, \"reasoning\": 0}";
    private static final String VALID = """
            {"criteria": %s, "score": 7, "response_style": "safe_complete", "reason": "Fine."}""".formatted(CRITERIA);
    private static final String WITH_AGREEMENT = VALID.replace("\"score\"", "\"agree\": false, \"score\"");

    @Test
    void aValidVoteIsParsed() {
        assertThat(JudgeScore.read(VALID, false))
                .isEqualTo(new Valid(new JudgeScore(
                        7,
                        Map.of("correctness", 9.0, "helpfulness", 8.0, "compliance", 10.0, "reasoning", 0.0),
                        null,
                        ResponseStyle.SAFE_COMPLETE,
                        "Fine.")));
        assertThat(score(WITH_AGREEMENT, true).agree()).isFalse();
    }

    @Test
    void agreementIsRequiredWithSideInformationOnly() {
        assertThat(JudgeScore.read(VALID, true)).isEqualTo(new Invalid("agree is missing"));
        assertThat(JudgeScore.read(WITH_AGREEMENT, false)).isEqualTo(new Invalid("agree is not in the schema"));
        assertThat(JudgeScore.schema(true).schema().at("/required").toString()).contains("\"agree\"");
        assertThat(JudgeScore.schema(false).schema().toString()).doesNotContain("agree");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"score\": 7 | \"score\": 11 | score is 11.0, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": -1 | score is -1.0, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": 7.5 | score is 7.5, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": 1e999 | score is Infinity, not a whole number from 0 to 10",
                "\"score\": 7 | \"score\": \"7\" | score is no number",
                "\"score\": 7 | \"score\": null | score is no number",
                "\"score\": 7 | \"score\": 4294967303 | score is 4.294967303E9, not a whole number from 0 to 10",
                "\"score\": 7, | `` | score is missing",
                "safe_complete | SAFE_COMPLETE | response_style is none of the schema",
                "safe_complete | other | response_style is none of the schema",
                "\"Fine.\" | null | reason is not text",
                "\"Fine.\" | [\"Fine.\"] | reason is not text",
                "\"correctness\": 9, | `` | criteria.correctness is missing",
                "\"correctness\": 9 | \"correctness\": 10.5 | criteria.correctness is 10.5, not a whole number from 0 to 10",
                "\"correctness\": 9 | \"correctness\": 9, \"beauty\": 9 | criteria.beauty is not in the schema",
                "\"reason\": \"Fine.\" | \"reason\": \"Fine.\", \"confidence\": 1 | confidence is not in the schema",
            })
    void anInvalidFieldIsNoVoteAndIsNamed(String valid, String invalid, String why) {
        String broken = VALID.replace(valid, invalid);
        assertThat(broken).isNotEqualTo(VALID);
        assertThat(JudgeScore.read(broken, false)).isEqualTo(new Invalid(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"score\": 7, \"score\": 9", "\"score\": NaN", "\"score\": 07"})
    void brokenJsonIsNoVote(String invalid) {
        assertThat(JudgeScore.read(VALID.replace("\"score\": 7", invalid), false))
                .isInstanceOf(Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.0", "7.000", "0.7e1", "70e-1"})
    void aWholeNumberInAnyNotationIsAnInteger(String score) {
        assertThat(score(VALID.replace("\"score\": 7", "\"score\": " + score), false)
                        .score())
                .isEqualTo(7);
    }

    @Test
    void aLongReasonIsCutAtFourKibibytes() {
        String reason =
                score(VALID.replace("Fine.", "ü".repeat(6 << 20)), false).reason();
        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(4_092, 4_096);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "7", "[]", "{}", "score: 7", "{\"score\": 7"})
    void otherJsonIsNoVote(String answer) {
        assertThat(JudgeScore.read(answer, false)).isInstanceOf(Invalid.class);
    }

    @Test
    void aVoteWithTextAroundItIsAVote() {
        JudgeScore vote = score(VALID, false);
        assertThat(score("My vote: " + VALID, false)).isEqualTo(vote);
        assertThat(score(VALID + " That is my vote.", false)).isEqualTo(vote);
        assertThat(score("```json\n" + VALID + "\n```", false)).isEqualTo(vote);
        assertThat(score(" \n" + VALID + "\n", false)).isEqualTo(vote);
        assertThat(score("By {a} and {\"b\": 1}: " + VALID + " {", false)).isEqualTo(vote);
        assertThat(score(VALID + "\nAgain: " + VALID, false)).isEqualTo(vote);
    }

    @Test
    void twoVotesThatDifferAreNone() {
        assertThat(JudgeScore.read(VALID + VALID.replace("\"score\": 7", "\"score\": 8"), false))
                .isEqualTo(new Invalid("the answer holds 2 JSON objects and not one vote"));
    }

    @Test
    void aTextOfBracesCostsLittle() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(JudgeScore.read("{\"a\":\"".repeat(10_000), false))
                        .isInstanceOf(Invalid.class));
    }

    private static JudgeScore score(String answer, boolean sideInfo) {
        assertThat(JudgeScore.read(answer, sideInfo)).isInstanceOf(Valid.class);
        return ((Valid) JudgeScore.read(answer, sideInfo)).score();
    }
}

package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.ResponseStyle;
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
                .contains(new JudgeScore(
                        7,
                        Map.of("correctness", 9.0, "helpfulness", 8.0, "compliance", 10.0, "reasoning", 0.0),
                        null,
                        ResponseStyle.SAFE_COMPLETE,
                        "Fine."));
        assertThat(JudgeScore.read(WITH_AGREEMENT, true).orElseThrow().agree()).isFalse();
    }

    @Test
    void agreementIsRequiredWithSideInformationOnly() {
        assertThat(JudgeScore.read(VALID, true)).isEmpty();
        assertThat(JudgeScore.read(WITH_AGREEMENT, false)).isEmpty();
        assertThat(JudgeScore.schema(true).schema().at("/required").toString()).contains("\"agree\"");
        assertThat(JudgeScore.schema(false).schema().toString()).doesNotContain("agree");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"score\": 7 | \"score\": 11",
                "\"score\": 7 | \"score\": -1",
                "\"score\": 7 | \"score\": 7.5",
                "\"score\": 7 | \"score\": 7.0",
                "\"score\": 7 | \"score\": \"7\"",
                "\"score\": 7 | \"score\": null",
                "\"score\": 7 | \"score\": 4294967303",
                "\"score\": 7 | \"score\": 7, \"score\": 9",
                "\"score\": 7 | \"score\": NaN",
                "\"score\": 7, | ``",
                "safe_complete | SAFE_COMPLETE",
                "safe_complete | other",
                "\"Fine.\" | null",
                "\"Fine.\" | [\"Fine.\"]",
                "\"correctness\": 9, | ``",
                "\"correctness\": 9 | \"correctness\": 10.5",
                "\"correctness\": 9 | \"correctness\": 9, \"beauty\": 9",
                "\"reason\": \"Fine.\" | \"reason\": \"Fine.\", \"confidence\": 1",
            })
    void anInvalidFieldIsNoVote(String valid, String invalid) {
        String broken = VALID.replace(valid, invalid);
        assertThat(broken).isNotEqualTo(VALID);
        assertThat(JudgeScore.read(broken, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "7", "[]", "{}", "score: 7", "{\"score\": 7"})
    void otherJsonIsNoVote(String answer) {
        assertThat(JudgeScore.read(answer, false)).isEmpty();
    }

    @Test
    void aVoteWithTextAroundItIsNoVote() {
        assertThat(JudgeScore.read("My vote: " + VALID, false)).isEmpty();
        assertThat(JudgeScore.read(VALID + " That is my vote.", false)).isEmpty();
        assertThat(JudgeScore.read("```json\n" + VALID + "\n```", false)).isEmpty();
        assertThat(JudgeScore.read(" \n" + VALID + "\n", false)).isPresent();
    }
}

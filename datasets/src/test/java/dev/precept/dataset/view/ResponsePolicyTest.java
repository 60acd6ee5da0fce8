package dev.precept.dataset.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.NeutralRows;
import dev.precept.records.Sample;
import dev.precept.records.Vote;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy of a prompt is what its side information names, else what its clauses state; free text is not searched. */
class ResponsePolicyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            comply                                               | -      | comply
            ' Safe complete '                                    | refuse | safe_complete
            Hard-refusal                                         | comply | hard_refusal
            refusal_with_explanation                             | -      | refusal_with_explanation
            {"response_policy": "Refuse", "source": "x"}         | comply | refuse
            {"response_policy": "house policy 3"}                | comply | house policy 3
            {"response_policy": 3}                               | comply | comply
            {"response_policy": " "}                             | -      | -
            {"policy": "refuse"}                                 | -      | -
            {broken                                              | comply | comply
            do not comply                                        | -      | -
            harmless                                             | refuse | refuse
            -                                                    | refuse | refuse
            -                                                    | -      | -
            """)
    void sideInformationComesBeforeClauses(
            @Nullable String sideInfo, @Nullable String ofClauses, @Nullable String policy) {
        Sample sample = NeutralRows.sample(1);
        sample.setSideInfo(sideInfo);
        assertThat(ResponsePolicy.of(sample, ofClauses)).isEqualTo(policy);
    }

    private static @Nullable Double agreement(@Nullable Boolean... votes) {
        Sample sample = NeutralRows.sample(1);
        Vote vote = sample.getJudge().getFirst();
        sample.setJudge(Arrays.stream(votes)
                .map(agree -> Vote.newBuilder(vote).setAgree(agree).build())
                .toList());
        return ResponsePolicy.agreement(sample);
    }

    @Test
    void theAgreementIsTheShareOfTheVotesThatSayWhetherTheyAgree() {
        assertThat(agreement(true, null, false, true, true)).isEqualTo(0.75);
        assertThat(agreement(false)).isZero();
        assertThat(agreement(null, null)).as("no judge said so").isNull();
        Sample tried = NeutralRows.sample(1);
        tried.setJudge(List.of());
        assertThat(ResponsePolicy.agreement(tried)).isNull();
    }
}

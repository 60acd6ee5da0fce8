package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Budget;
import dev.precept.records.Spend;
import dev.precept.runs.RunProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The flag that a run with a spent budget proposes raises the limit that is spent. */
class LargerBudgetHintTest {
    @ParameterizedTest
    @CsvSource({
        "   , 1500, 0.0, 1490, --set budget.tokens=3000",
        "0.5,     , 0.5, 9000, --set budget.usd=1.0",
        "9.0, 1500, 0.1, 1490, --set budget.tokens=3000",
        "0.5, 1500, 0.5,   10, --set budget.usd=1.0",
    })
    void isThatOfTheSpentLimit(@Nullable Double usd, @Nullable Long tokens, double spentUsd, long spent, String hint) {
        Spend spend = Spend.newBuilder()
                .setRunId("r")
                .setWorker("w")
                .setRole("generator")
                .setCalls(1)
                .setCallsByOutcome(Map.of())
                .setPromptTokens(spent)
                .setCompletionTokens(0)
                .setUsd(spentUsd)
                .setAsOf(Instant.EPOCH)
                .build();
        Budget budget = Budget.newBuilder().setUsd(usd).setTokens(tokens).build();
        assertThat(RunExecution.largerBudget(budget, RunProgress.of("r", 1, List.of(), List.of(spend))))
                .isEqualTo(hint);
    }
}

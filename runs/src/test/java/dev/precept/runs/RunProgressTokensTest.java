package dev.precept.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.Spend;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server had in its cache, and what of a completion is reasoning, is shown beside the whole. */
class RunProgressTokensTest {
    @Test
    void tokensOfEachRoleHaveFourCounts() {
        RunProgress progress = RunProgress.of(
                "r", 1, List.of(), List.of(spend("judge", 100, 64, 20, 5), spend("judge", 1_000, 900, 30, 0)));
        JsonNode json = progress.toJson();
        assertThat(json.at("/tokens/judge").toString())
                .isEqualTo("{\"prompt\":1100,\"cached\":964,\"completion\":50,\"reasoning\":5}");
        assertThat(progress.tokens()).as("cached ones count").isEqualTo(1_150);
        assertThat(RunProgress.table(json)).contains("1100 tokens in (964 cached), 50 out (5 reasoning)");
    }

    @Test
    void whatAServerDoesNotReportIsNotShown() {
        JsonNode json = RunProgress.of("r", 1, List.of(), List.of(spend("judge", 100, 0, 20, 0)))
                .toJson();
        assertThat(RunProgress.table(json)).contains("100 tokens in, 20 out").doesNotContain("cached");
    }

    private static Spend spend(String role, long prompt, long cached, long completion, long reasoning) {
        return Spend.newBuilder()
                .setRunId("r")
                .setWorker(role + "-" + prompt)
                .setRole(role)
                .setCalls(1)
                .setCallsByOutcome(Map.of())
                .setPromptTokens(prompt)
                .setCachedTokens(cached)
                .setCompletionTokens(completion)
                .setReasoningTokens(reasoning)
                .setAsOf(Instant.EPOCH)
                .build();
    }
}

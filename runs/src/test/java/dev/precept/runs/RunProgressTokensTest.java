package dev.precept.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.PartitionProgress;
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

    @Test
    void callsWithoutAPriceHaveNoCost() {
        PartitionProgress most = progress(300, 200);
        Spend judge = spend("judge", 1_000, 0, 20, 0);
        JsonNode free = RunProgress.of("r", 1, List.of(most), List.of(judge)).toJson();
        assertThat(free.path("usd").toString()).isEqualTo("{\"judge\":null}");
        assertThat(free.path("usd_per_accepted").isNull()).isTrue();
        assertThat(free.path("usd_projected").isNull()).isTrue();
        assertThat(RunProgress.table(free)).contains("judge calls").doesNotContain("$");
        Spend generator = spend("generator", 1_000, 0, 20, 0);
        generator.setUsd(3);
        JsonNode paid =
                RunProgress.of("r", 1, List.of(most), List.of(judge, generator)).toJson();
        assertThat(paid.path("usd").toString()).isEqualTo("{\"generator\":3.0,\"judge\":null}");
        assertThat(paid.path("usd_per_accepted").asDouble()).isEqualTo(0.01);
        JsonNode cached = RunProgress.of("r", 1, List.of(most), List.of(spend("judge", 0, 0, 0, 0)))
                .toJson();
        assertThat(cached.path("usd").toString()).as("of no tokens").isEqualTo("{\"judge\":0.0}");
    }

    /** Of 600 slots one is done and 500 have cost nearly as much: the estimate would be hundreds of times the cost. */
    @Test
    void noCostIsProjectedWhileMostOfItIsThatOfSlotsInFlight() {
        Spend spent = spend("judge", 1_000_000, 0, 0, 0);
        spent.setUsd(2);
        assertThat(RunProgress.of("r", 1, List.of(progress(1, 500)), List.of(spent))
                        .usdProjected(600))
                .isZero();
        assertThat(RunProgress.of("r", 1, List.of(progress(300, 200)), List.of(spent))
                        .usdProjected(600))
                .isEqualTo(4);
    }

    private static PartitionProgress progress(long accepted, long inFlight) {
        return PartitionProgress.newBuilder()
                .setRunId("r")
                .setPartition(0)
                .setSlots(600)
                .setAccepted(accepted)
                .setRejected(Map.of())
                .setInvalid(Map.of())
                .setInFlight(Map.of("JUDGING", inFlight))
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(600)
                .setSources(1)
                .setComplete(false)
                .setAsOf(Instant.EPOCH)
                .build();
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

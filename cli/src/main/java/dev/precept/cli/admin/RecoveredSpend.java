package dev.precept.cli.admin;

import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.records.Generator;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Spend;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What committed rows say was spent on them: one account a role, so that a budget goes on from there and does not begin
 * anew. Calls that left no row are not in it; an answer that was remembered counts as if it had been called for. Not
 * thread-safe.
 */
final class RecoveredSpend {
    private static final String GENERATOR = "generator";
    private static final String JUDGE = "judge";
    private static final String OUTCOME = "committed";

    private final String runId;
    private final Price judge;
    private final Sum generated = new Sum();
    private final Sum judged = new Sum();

    /** @param judge which rows do not say; what a completion cost they do */
    RecoveredSpend(String runId, Price judge) {
        this.runId = runId;
        this.judge = judge;
    }

    private static final class Sum {
        private long calls;
        private TokenUsage usage = TokenUsage.NONE;
        private double usd;

        void add(Usage used, double cost) {
            calls++;
            usage = usage.plus(
                    new TokenUsage(used.getPromptTokens(), used.getCompletionTokens(), used.getReasoningTokens()));
            usd += cost;
        }
    }

    void add(Sample sample) {
        add(sample.getGenerator(), sample.getJudge());
    }

    void add(Rejection row) {
        add(row.getGenerator(), row.getJudge());
    }

    private void add(@Nullable Generator generator, @Nullable List<Vote> votes) {
        if (generator != null) {
            generated.add(generator.getUsage(), generator.getCostUsd() == null ? 0 : generator.getCostUsd());
        }
        if (votes != null) {
            votes.forEach(vote -> judged.add(vote.getUsage(), 0));
        }
    }

    long tokens() {
        return generated.usage.prompt()
                + generated.usage.completion()
                + judged.usage.prompt()
                + judged.usage.completion();
    }

    /** By the key under which each is published. */
    Map<String, Spend> spendRecords() {
        judged.usd = judge.cost(judged.usage);
        return Map.of(key(GENERATOR), account(GENERATOR, generated), key(JUDGE), account(JUDGE, judged));
    }

    private String key(String role) {
        return runId + "|" + role + "|" + worker(role);
    }

    /** One more life of the role's first worker. */
    private static String worker(String role) {
        return role + "-0|recovered";
    }

    private Spend account(String role, Sum sum) {
        return Spend.newBuilder()
                .setRunId(runId)
                .setWorker(worker(role))
                .setRole(role)
                .setCalls(sum.calls)
                .setCallsByOutcome(Map.of(OUTCOME, sum.calls))
                .setPromptTokens(sum.usage.prompt())
                .setCompletionTokens(sum.usage.completion())
                .setAsOf(Instant.EPOCH)
                .setUsd(sum.usd)
                .build();
    }
}

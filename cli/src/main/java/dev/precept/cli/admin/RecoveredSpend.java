package dev.precept.cli.admin;

import dev.precept.judging.Panel;
import dev.precept.judging.UsageRecords;
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
 * Sums the spend of committed rows per role, so that a recovered run keeps its budget. Calls without a committed row are
 * missing; a cached response counts as a call. Not thread-safe.
 */
final class RecoveredSpend {
    private static final String GENERATOR = "generator";
    private static final String JUDGE = "judge";
    private static final String OUTCOME = "committed";

    private final String runId;
    private final Panel<Price> judges;
    private final Sum generated = new Sum();
    private final Sum judged = new Sum();

    /** @param judges price of each; rows contain the cost of completions only */
    RecoveredSpend(String runId, Panel<Price> judges) {
        this.runId = runId;
        this.judges = judges;
    }

    private static final class Sum {
        private long calls;
        private TokenUsage usage = TokenUsage.NONE;
        private double usd;

        void add(Usage used, double cost) {
            calls++;
            usage = usage.plus(UsageRecords.of(used));
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
            votes.forEach(vote ->
                    judged.add(vote.getUsage(), judges.judgeOf(vote.getVote()).cost(UsageRecords.of(vote.getUsage()))));
        }
    }

    long tokens() {
        return generated.usage.total() + judged.usage.total();
    }

    /** By record key. */
    Map<String, Spend> spendRecords() {
        return Map.of(key(GENERATOR), spendRecord(GENERATOR, generated), key(JUDGE), spendRecord(JUDGE, judged));
    }

    private String key(String role) {
        return runId + "|" + role + "|" + worker(role);
    }

    /** The id of one more instance of the role's first worker. */
    private static String worker(String role) {
        return role + "-0|recovered";
    }

    private Spend spendRecord(String role, Sum sum) {
        return Spend.newBuilder()
                .setRunId(runId)
                .setWorker(worker(role))
                .setRole(role)
                .setCalls(sum.calls)
                .setCallsByOutcome(Map.of(OUTCOME, sum.calls))
                .setPromptTokens(sum.usage.prompt())
                .setCachedTokens(sum.usage.cached())
                .setCompletionTokens(sum.usage.completion())
                .setReasoningTokens(sum.usage.reasoning())
                .setAsOf(Instant.EPOCH)
                .setUsd(sum.usd)
                .build();
    }
}

package dev.precept.workers;

import dev.precept.judging.RunGuard;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.util.Map;

/** Reads what holds for a run now, and what all its workers have spent. Not thread-safe. */
final class RunStateReader implements AutoCloseable {
    private final String runId;
    private final String ownKey;
    private final RunGuard runGuard;
    private final CompactedTopic<Run> runs;
    private final CompactedTopic<Spend> spend;

    /** @param ownKey under which this worker publishes its own account */
    RunStateReader(KafkaAccess kafka, String runId, String ownKey, RunGuard runGuard) {
        this.runId = runId;
        this.ownKey = ownKey;
        this.runGuard = runGuard;
        this.runs = new CompactedTopic<>(kafka, Topics.RUNS);
        this.spend = new CompactedTopic<>(kafka, Topics.SPEND);
    }

    void refresh() {
        Run run = runs.readToEnd().get(runId);
        if (run == null) {
            return; // nobody has said anything about it yet
        }
        double usd = 0;
        long tokens = 0;
        for (Map.Entry<String, Spend> account : spend.readToEnd().entrySet()) {
            Spend spent = account.getValue();
            if (spent.getRunId().equals(runId) && !account.getKey().equals(ownKey)) {
                usd += spent.getUsd();
                tokens += spent.getPromptTokens() + spent.getCompletionTokens();
            }
        }
        runGuard.update(run, usd, tokens);
    }

    @Override
    public void close() {
        runs.close();
        spend.close();
    }
}

package dev.precept.workers;

import dev.precept.judging.RunGuard;
import dev.precept.judging.SpendKey;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.util.Map;

/** Reads the state of a run and the spend of its workers, and updates the guard of this worker. Not thread-safe. */
final class RunStateReader implements AutoCloseable {
    private final SpendKey own;
    private final RunGuard runGuard;
    private final CompactedTopic<Run> runs;
    private final CompactedTopic<Spend> spend;

    /** @param own this worker, whose spend the guard counts itself */
    RunStateReader(KafkaAccess kafka, SpendKey own, RunGuard runGuard) {
        this.own = own;
        this.runGuard = runGuard;
        this.runs = new CompactedTopic<>(kafka, Topics.RUNS);
        this.spend = new CompactedTopic<>(kafka, Topics.SPEND);
    }

    void refresh() {
        Run run = runs.readToEnd().get(own.runId());
        if (run == null) {
            return; // the run is not published yet
        }
        double usd = 0;
        long tokens = 0;
        for (Map.Entry<String, Spend> entry : spend.readToEnd().entrySet()) {
            Spend worker = entry.getValue();
            if (worker.getRunId().equals(own.runId()) && !entry.getKey().equals(own.text())) {
                usd += worker.getUsd();
                tokens += worker.getPromptTokens() + worker.getCompletionTokens();
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

package dev.precept.judging;

import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.records.Spend;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what one worker process has spent on one run. Thread-safe. */
final class SpendTracker {
    private final SpendKey key;
    private final Price price;
    private final CallMetrics metrics;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private long promptTokens;
    private long completionTokens;
    private double usd;

    SpendTracker(SpendKey key, Price price, CallMetrics metrics) {
        this.key = key;
        this.price = price;
        this.metrics = metrics;
    }

    /** Counts the outcome of a call, or a cache hit. */
    synchronized void record(Reply reply) {
        count(CallOutcome.label(reply));
    }

    /** Books what a call used. */
    synchronized void book(TokenUsage used) {
        promptTokens += used.prompt();
        completionTokens += used.completion();
        usd += price.cost(used);
    }

    synchronized void record(ModelCallException failed) {
        count(CallOutcome.label(failed));
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
        metrics.countOutcome(outcome);
    }

    /** The spend so far, with the present state of the endpoints. */
    synchronized Spend snapshot(Instant now, EndpointPool pool) {
        return Spend.newBuilder()
                .setRunId(key.runId())
                .setWorker(key.worker())
                .setRole(key.role())
                .setCalls(outcomes.values().stream().mapToLong(Long::longValue).sum()
                        - outcomes.getOrDefault(CallOutcome.CACHE_HIT, 0L))
                .setCallsByOutcome(new HashMap<>(outcomes))
                .setPromptTokens(promptTokens)
                .setCompletionTokens(completionTokens)
                .setAsOf(now)
                .setUsd(usd)
                .setInFlight(pool.callsInFlight())
                .setLimit(pool.endpointStatuses().stream()
                        .mapToInt(EndpointPool.EndpointStatus::limit)
                        .sum())
                .setWaiting(pool.waiting())
                .setOutage(pool.outage().orElse(null))
                .build();
    }
}

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

/** What one life of one worker has spent on one run, cumulative. Thread-safe. */
public final class SpendTracker {
    private final String runId;
    private final String worker;
    private final String role;
    private final Price price;
    private final CallMetrics meters;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private long promptTokens;
    private long completionTokens;
    private double usd;

    public SpendTracker(String runId, String worker, String role, Price price, CallMetrics meters) {
        this.runId = runId;
        this.worker = worker;
        this.role = role;
        this.price = price;
        this.meters = meters;
    }

    synchronized void record(Reply reply) {
        TokenUsage usage =
                reply instanceof Reply.Answered answered && answered.cacheHit() ? TokenUsage.NONE : reply.usage();
        promptTokens += usage.prompt();
        completionTokens += usage.completion();
        usd += price.cost(usage);
        count(CallOutcome.label(reply));
    }

    synchronized void record(ModelCallException failed) {
        count(CallOutcome.label(failed));
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
        meters.countOutcome(outcome);
    }

    /** The key under which a newer account replaces an older one of the same life. */
    public String key() {
        return runId + "|" + role + "|" + worker;
    }

    synchronized double usd() {
        return usd;
    }

    synchronized long tokens() {
        return promptTokens + completionTokens;
    }

    /** The account, with what is going on at this moment. */
    public synchronized Spend snapshot(Instant now, EndpointPool pool) {
        return Spend.newBuilder()
                .setRunId(runId)
                .setWorker(worker)
                .setRole(role)
                .setCalls(outcomes.values().stream().mapToLong(Long::longValue).sum()
                        - outcomes.getOrDefault(CallOutcome.CACHE_HIT, 0L))
                .setCallsByOutcome(new HashMap<>(outcomes))
                .setPromptTokens(promptTokens)
                .setCompletionTokens(completionTokens)
                .setAsOf(now)
                .setUsd(usd)
                .setInFlight(pool.endpointStatuses().stream()
                        .mapToInt(EndpointPool.EndpointStatus::inFlight)
                        .sum())
                .setLimit(pool.endpointStatuses().stream()
                        .mapToInt(EndpointPool.EndpointStatus::limit)
                        .sum())
                .setWaiting(pool.waiting())
                .setOutage(pool.outage().orElse(null))
                .build();
    }
}

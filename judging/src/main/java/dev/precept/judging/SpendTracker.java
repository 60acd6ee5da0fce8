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
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up what one worker process has spent on one run. Thread-safe. */
final class SpendTracker {
    private static final int SUSPICIOUS = 20;

    private final SpendKey key;
    private final Price price;
    private final CallMetrics metrics;
    private final CallProblems problems;
    private final String model;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> scoreForms = new TreeMap<>();
    private final Map<String, Long> invalidVotes = new TreeMap<>();
    private int invalidInRow;
    private String lastInvalid = "";
    private @Nullable String lastFailure;
    private TokenUsage usage = TokenUsage.NONE;
    private double usd;
    private final CanarySpend canaries = new CanarySpend();

    /** @param model the name by which it is called */
    SpendTracker(SpendKey key, String model, Price price, CallMetrics metrics) {
        this.key = key;
        this.model = model;
        this.price = price;
        this.metrics = metrics;
        this.problems = new CallProblems(key.role(), System::nanoTime);
    }

    /** Counts the outcome of a call, or a cache hit. */
    synchronized void record(Reply reply) {
        count(CallOutcome.label(reply));
        String problem = switch (reply) {
            case Reply.Answered answered ->
                CallOutcome.isComplete(answered) ? "" : "the answer ended with " + answered.finishReason();
            case Reply.Malformed malformed -> malformed.detail();
            case Reply.RequestRefused refused -> "status " + refused.status() + ": " + refused.detail();
            case Reply.ContextTooLong tooLong -> tooLong.detail();
        };
        if (!problem.isEmpty()) {
            problems.record(CallOutcome.label(reply), problem, "");
        }
    }

    /** Books what a call used. */
    synchronized void book(TokenUsage used) {
        usage = usage.plus(used);
        metrics.countTokens(used);
        usd += price.cost(used);
    }

    synchronized void record(ModelCallException failed) {
        lastFailure = failed.detail();
        count(CallOutcome.label(failed));
        problems.record(CallOutcome.label(failed), String.valueOf(failed.getMessage()), "");
    }

    /** Counts an answer of a judge that is no valid vote. */
    synchronized void recordInvalidVote(VoteFault fault, String why, String reply) {
        invalidVotes.merge(fault.label(), 1L, Long::sum);
        metrics.countInvalidVote(fault);
        invalidInRow++;
        lastInvalid = why;
        problems.record("invalid_vote", why, reply);
    }

    /** Counts a vote, and ends a row of answers that were none. */
    synchronized void recordValidVote(VoteForm form) {
        scoreForms.merge(form.notation().label(), 1L, Long::sum);
        scoreForms.merge(form.surroundings().label(), 1L, Long::sum);
        metrics.countVote(form);
        invalidInRow = 0;
    }

    /** That the judge gives no votes, once {@value #SUSPICIOUS} answers in a row were none; empty otherwise. */
    synchronized Optional<String> voteWarning() {
        return invalidInRow < SUSPICIOUS
                ? Optional.empty()
                : Optional.of("the last " + invalidInRow + " answers of the judge were no valid votes (" + lastInvalid
                        + "); see judge.request.response_format and judge.max_tokens, or name another judge");
    }

    /** The words of the last failed call; empty if none failed. */
    synchronized Optional<String> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    synchronized Map<String, Long> callsByOutcome() {
        return Map.copyOf(outcomes);
    }

    CanarySpend canaries() {
        return canaries;
    }

    /** Logs the problems that are not logged yet. */
    synchronized void close() {
        problems.logCounts();
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
        metrics.countOutcome(outcome);
    }

    /** The spend so far, with the present state of the endpoints. */
    synchronized Spend snapshot(Instant now, EndpointPool pool) {
        problems.logCountsIfDue();
        return Spend.newBuilder()
                .setRunId(key.runId())
                .setWorker(key.worker())
                .setRole(key.role())
                .setCalls(outcomes.values().stream().mapToLong(Long::longValue).sum()
                        - outcomes.getOrDefault(CallOutcome.CACHE_HIT, 0L))
                .setCallsByOutcome(new HashMap<>(outcomes))
                .setPromptTokens(usage.prompt())
                .setCachedTokens(usage.cached())
                .setCompletionTokens(usage.completion())
                .setReasoningTokens(usage.reasoning())
                .setAsOf(now)
                .setUsd(usd)
                .setInFlight(pool.callsInFlight())
                .setLimit(pool.endpointStatuses().stream()
                        .mapToInt(EndpointPool.EndpointStatus::limit)
                        .sum())
                .setWaiting(pool.waiting())
                .setModel(model)
                .setScoreForms(new HashMap<>(scoreForms))
                .setInvalidVotes(invalidVotes.values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .setInvalidVotesByCause(new HashMap<>(invalidVotes))
                .setOutage(pool.outage().orElse(null))
                .setCanaries(canaries.snapshot())
                .build();
    }
}

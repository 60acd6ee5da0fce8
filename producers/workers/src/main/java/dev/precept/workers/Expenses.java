package dev.precept.workers;

import dev.precept.model.CallFailed;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.records.Spend;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What one life of one worker has spent on one run, cumulative. Thread-safe. */
final class Expenses {
    private final String runId;
    private final String worker;
    private final String role;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private long promptTokens;
    private long completionTokens;
    private boolean changed = true;

    Expenses(String runId, String worker, String role) {
        this.runId = runId;
        this.worker = worker;
        this.role = role;
    }

    synchronized void add(Reply reply) {
        TokenUsage usage = switch (reply) {
            case Reply.Answered answered -> answered.usage();
            case Reply.Malformed malformed -> malformed.usage();
            case Reply.RequestRefused _, Reply.ContextTooLong _ -> TokenUsage.NONE;
        };
        promptTokens += usage.prompt();
        completionTokens += usage.completion();
        count(
                switch (reply) {
                    case Reply.Answered answered ->
                        switch (answered.finishReason()) {
                            case "stop", "tool_calls" -> "answered";
                            case "length" -> "truncated";
                            case "content_filter" -> "filtered";
                            default -> "unfinished";
                        };
                    case Reply.Malformed _ -> "malformed";
                    case Reply.RequestRefused _ -> "refused";
                    case Reply.ContextTooLong _ -> "context_too_long";
                });
    }

    synchronized void add(CallFailed failed) {
        count(
                switch (failed) {
                    case CallFailed.RateLimited _ -> "rate_limited";
                    case CallFailed.Unavailable _ -> "unavailable";
                    case CallFailed.TimedOut _ -> "timed_out";
                    case CallFailed.Misconfigured _ -> "misconfigured";
                });
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
        changed = true;
    }

    /** The key under which a newer account replaces an older one of the same life. */
    String key() {
        return runId + "|" + role + "|" + worker;
    }

    /** Whether anything was spent since the last account. */
    synchronized boolean changed() {
        return changed;
    }

    synchronized Spend account(Instant now) {
        changed = false;
        return Spend.newBuilder()
                .setRunId(runId)
                .setWorker(worker)
                .setRole(role)
                .setCalls(outcomes.values().stream().mapToLong(Long::longValue).sum())
                .setCallsByOutcome(new HashMap<>(outcomes))
                .setPromptTokens(promptTokens)
                .setCompletionTokens(completionTokens)
                .setAsOf(now)
                .build();
    }
}

package dev.precept.judging;

import dev.precept.model.TokenUsage;
import dev.precept.records.Usage;

/** Converts the token usage of a call to its record and back. */
public final class UsageRecords {
    private UsageRecords() {}

    /** The usage in a record. */
    public static TokenUsage of(Usage usage) {
        return new TokenUsage(
                usage.getPromptTokens(),
                Math.min(usage.getCachedTokens(), usage.getPromptTokens()),
                usage.getCompletionTokens(),
                Math.min(usage.getReasoningTokens(), usage.getCompletionTokens()),
                true);
    }

    public static Usage from(TokenUsage usage) {
        return new Usage(usage.prompt(), usage.completion(), usage.reasoning(), usage.cached());
    }
}

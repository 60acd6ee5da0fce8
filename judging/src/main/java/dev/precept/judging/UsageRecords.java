package dev.precept.judging;

import dev.precept.model.TokenUsage;
import dev.precept.records.Usage;

/** Converts the token usage of a call to its record. */
public final class UsageRecords {
    private UsageRecords() {}

    public static Usage from(TokenUsage usage) {
        return new Usage(usage.prompt(), usage.completion(), usage.reasoning());
    }
}

package dev.precept.workers;

import dev.precept.model.TokenUsage;
import dev.precept.records.Usage;

/** Converts the token usage of a call to its record. */
final class UsageRecords {
    private UsageRecords() {}

    static Usage from(TokenUsage usage) {
        return new Usage(usage.prompt(), usage.completion(), usage.reasoning());
    }
}

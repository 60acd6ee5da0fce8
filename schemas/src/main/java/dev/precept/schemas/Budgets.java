package dev.precept.schemas;

import dev.precept.records.Budget;
import org.jspecify.annotations.Nullable;

/** Decides whether a budget is spent. Workers and the run's activity use the same rule. */
public final class Budgets {
    private Budgets() {}

    /** A budget is spent when either limit is reached; no budget is never spent. */
    public static boolean isSpent(@Nullable Budget budget, double usd, long tokens) {
        if (budget == null) {
            return false;
        }
        Double maxUsd = budget.getUsd();
        Long maxTokens = budget.getTokens();
        return (maxUsd != null && usd >= maxUsd) || (maxTokens != null && tokens >= maxTokens);
    }
}

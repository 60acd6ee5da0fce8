package dev.precept.schemas;

import dev.precept.records.Budget;
import org.jspecify.annotations.Nullable;

/** Whether a budget is spent: the one rule that workers stop by and the run is told by. */
public final class Budgets {
    private Budgets() {}

    /** Reaching one of its limits spends a budget; without one nothing is ever spent. */
    public static boolean isSpent(@Nullable Budget budget, double usd, long tokens) {
        if (budget == null) {
            return false;
        }
        Double mostUsd = budget.getUsd();
        Long mostTokens = budget.getTokens();
        return (mostUsd != null && usd >= mostUsd) || (mostTokens != null && tokens >= mostTokens);
    }
}

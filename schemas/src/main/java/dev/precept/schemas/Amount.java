package dev.precept.schemas;

import dev.precept.records.Budget;
import dev.precept.records.Cost;

/** US dollars and tokens, prompt and completion together. An amount may be negative. Immutable. */
public record Amount(double usd, long tokens) {
    public static final Amount ZERO = new Amount(0, 0);

    /** Sums of the same dollars in another order differ by less. */
    private static final double ROUNDING_USD = 1e-9;

    public static Amount of(Cost cost) {
        return new Amount(cost.getUsd(), cost.getTokens());
    }

    /** The limits of a budget; 0 where it sets none, which {@link #within} matches. */
    public static Amount of(Budget budget) {
        Double usd = budget.getUsd();
        Long tokens = budget.getTokens();
        return new Amount(usd == null ? 0 : usd, tokens == null ? 0 : tokens);
    }

    public Cost toRecord() {
        return new Cost(usd, tokens);
    }

    /** Only what the budget limits: 0 for dollars or tokens without a limit. */
    public Amount within(Budget budget) {
        return new Amount(budget.getUsd() == null ? 0 : usd, budget.getTokens() == null ? 0 : tokens);
    }

    public Amount plus(Amount other) {
        return new Amount(usd + other.usd, tokens + other.tokens);
    }

    public Amount minus(Amount other) {
        return new Amount(usd - other.usd, tokens - other.tokens);
    }

    /** Tokens are rounded down. */
    public Amount times(double factor) {
        return new Amount(usd * factor, (long) Math.floor(tokens * factor));
    }

    /** The larger dollars, and the larger tokens. */
    public Amount max(Amount other) {
        return new Amount(Math.max(usd, other.usd), Math.max(tokens, other.tokens));
    }

    /** The smaller dollars, and the smaller tokens. */
    public Amount min(Amount other) {
        return new Amount(Math.min(usd, other.usd), Math.min(tokens, other.tokens));
    }

    /** Whether neither dollars nor tokens exceed those of the other amount. */
    public boolean fitsInto(Amount other) {
        return usd <= other.usd + ROUNDING_USD && tokens <= other.tokens;
    }
}

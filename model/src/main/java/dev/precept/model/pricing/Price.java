package dev.precept.model.pricing;

import dev.precept.model.TokenUsage;

/**
 * What a model costs, in US dollars per million tokens. Reasoning is part of what is written.
 *
 * @param prompt for what it reads
 * @param completion for what it writes
 */
public record Price(double prompt, double completion) {
    public static final Price FREE = new Price(0, 0);

    private static final double MILLION = 1e6;

    public Price {
        if (!(prompt >= 0 && completion >= 0) || prompt + completion > Double.MAX_VALUE) {
            throw new IllegalArgumentException("a price is 0 or more, not " + prompt + " and " + completion);
        }
    }

    /** US dollars. */
    public double cost(TokenUsage usage) {
        return (usage.prompt() * prompt + usage.completion() * completion) / MILLION;
    }
}

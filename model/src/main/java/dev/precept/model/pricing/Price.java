package dev.precept.model.pricing;

import dev.precept.model.TokenUsage;

/**
 * The price of a model, in US dollars per million tokens.
 *
 * @param prompt of prompt tokens
 * @param completion of completion tokens, reasoning included
 */
public record Price(double prompt, double completion) {
    public static final Price FREE = new Price(0, 0);

    private static final double MILLION = 1e6;

    public Price {
        if (!(prompt >= 0 && completion >= 0) || prompt + completion > Double.MAX_VALUE) {
            throw new IllegalArgumentException("a price must be 0 or more, not " + prompt + " and " + completion);
        }
    }

    /** The cost in US dollars. */
    public double cost(TokenUsage usage) {
        return (usage.prompt() * prompt + usage.completion() * completion) / MILLION;
    }
}

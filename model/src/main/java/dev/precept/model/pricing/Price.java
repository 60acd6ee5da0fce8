package dev.precept.model.pricing;

import dev.precept.model.TokenUsage;

/**
 * The price of a model, in US dollars per million tokens.
 *
 * @param prompt of prompt tokens that the server had not read before
 * @param cached of prompt tokens that it had
 * @param completion of completion tokens that are no reasoning
 * @param reasoning of reasoning tokens
 */
public record Price(double prompt, double cached, double completion, double reasoning) {
    public static final Price FREE = new Price(0, 0);

    private static final double MILLION = 1e6;

    public Price {
        for (double price : new double[] {prompt, cached, completion, reasoning}) {
            if (!(price >= 0 && price <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("a price must be 0 or more, not " + price);
            }
        }
    }

    /** One price for all prompt tokens, and one for all completion tokens. */
    public Price(double prompt, double completion) {
        this(prompt, prompt, completion, completion);
    }

    /** The cost in US dollars. */
    public double cost(TokenUsage usage) {
        return ((usage.prompt() - usage.cached()) * prompt
                        + usage.cached() * cached
                        + (usage.completion() - usage.reasoning()) * completion
                        + usage.reasoning() * reasoning)
                / MILLION;
    }

    /** The highest cost of some tokens in US dollars, whatever part of them is cached or reasoning. */
    public double highestCost(long promptTokens, long completionTokens) {
        return (promptTokens * Math.max(prompt, cached) + completionTokens * Math.max(completion, reasoning)) / MILLION;
    }
}

package dev.precept.model;

import org.jspecify.annotations.Nullable;

/**
 * How a model is to sample. What is null is not sent: the server's own default holds.
 *
 * @param effort how long to reason, in the server's words, such as {@code low}
 * @param maxTokens limit on reasoning and answer together
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable String effort,
        int maxTokens) {
    public Sampling {
        if (temperature != null && !(temperature >= 0 && temperature <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature must be 0 or more, not " + temperature);
        }
        if (topP != null && !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top_p must be above 0 and at most 1, not " + topP);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens must be at least 1, not " + maxTokens);
        }
    }
}

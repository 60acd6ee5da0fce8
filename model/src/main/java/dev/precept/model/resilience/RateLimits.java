package dev.precept.model.resilience;

import org.jspecify.annotations.Nullable;

/**
 * Rate limits of an endpoint, per minute; null for no limit.
 *
 * @param tokens of prompts and completions together
 */
public record RateLimits(@Nullable Long requests, @Nullable Long tokens) {
    public static final RateLimits UNLIMITED = new RateLimits(null, null);

    public RateLimits {
        if ((requests != null && requests < 1) || (tokens != null && tokens < 1)) {
            throw new IllegalArgumentException("a rate per minute must be at least 1");
        }
    }
}

package dev.precept.model.resilience;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint allows in a minute; null for what it does not limit.
 *
 * @param tokens read and written together
 */
public record RateLimits(@Nullable Long requests, @Nullable Long tokens) {
    public static final RateLimits UNLIMITED = new RateLimits(null, null);

    public RateLimits {
        if ((requests != null && requests < 1) || (tokens != null && tokens < 1)) {
            throw new IllegalArgumentException("a rate per minute is at least 1");
        }
    }
}

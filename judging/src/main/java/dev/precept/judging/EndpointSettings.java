package dev.precept.judging;

import dev.precept.model.ApiKey;
import dev.precept.model.Sampling;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one role calls its model.
 *
 * @param weights of the endpoints by URL, in the order of the recipe; empty until the rehearsal is started in their place
 * @param concurrency most calls in flight of one process
 * @param rateLimits what each endpoint allows in a minute
 */
public record EndpointSettings(
        Map<String, Integer> weights,
        String model,
        int concurrency,
        Duration callTimeout,
        @Nullable ApiKey apiKey,
        Sampling sampling,
        RateLimits rateLimits,
        Price price) {
    public EndpointSettings {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** The same settings at another place, as a rehearsal is. */
    public EndpointSettings withUrl(String other) {
        return new EndpointSettings(
                Map.of(other, 1), model, concurrency, callTimeout, apiKey, sampling, rateLimits, price);
    }

    /** The endpoints in one text, as samples and messages name them. */
    public String urls() {
        return String.join(" ", weights.keySet());
    }
}

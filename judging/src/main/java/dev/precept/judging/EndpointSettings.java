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
 * The model settings of one role.
 *
 * @param weights by endpoint URL, in the order of the recipe; empty until the mock model is started in their place
 * @param concurrency limit of calls in flight for one process
 * @param rateLimits of each endpoint
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

    /** The same settings with one other endpoint, such as the mock model. */
    public EndpointSettings withUrl(String url) {
        return new EndpointSettings(
                Map.of(url, 1), model, concurrency, callTimeout, apiKey, sampling, rateLimits, price);
    }

    /** All endpoint URLs, separated by spaces, as in samples and messages. */
    public String urls() {
        return String.join(" ", weights.keySet());
    }
}

package dev.precept.workers;

import dev.precept.model.Sampling;
import dev.precept.model.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one role calls its model.
 *
 * @param url null until the rehearsal is started in its place
 * @param concurrency most calls in flight of one process
 */
public record EndpointSettings(
        @Nullable String url,
        String model,
        int concurrency,
        Duration callTimeout,
        @Nullable Secret key,
        Sampling sampling) {
    /** The same settings at another place, as a rehearsal is. */
    public EndpointSettings at(String other) {
        return new EndpointSettings(other, model, concurrency, callTimeout, key, sampling);
    }
}

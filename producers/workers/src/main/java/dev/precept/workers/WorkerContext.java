package dev.precept.workers;

import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.model.cache.ResponseCache;
import dev.precept.runtime.Membership;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a worker needs apart from its role.
 *
 * @param membership distinguishes the workers of one role
 * @param drain how long calls in flight may continue after a stop
 * @param nonceSecret key of the nonces that delimit untrusted text, in hexadecimal
 * @param responseCache of valid answers; empty if every call is to be made
 */
public record WorkerContext(
        KafkaAccess kafka,
        String runId,
        Membership membership,
        Duration drain,
        Secret nonceSecret,
        Optional<ResponseCache> responseCache,
        MeterRegistry meters) {
    /** For interactive use, where the user waits for the end. */
    public static final Duration SHORT_DRAIN = Duration.ofSeconds(3);

    byte[] nonceKey() {
        return HexFormat.of().parseHex(nonceSecret.reveal());
    }
}

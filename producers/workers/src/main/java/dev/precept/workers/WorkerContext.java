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
 * @param handover how long a rebalance waits for the calls of tasks that move to another worker
 * @param nonceSecret key of the nonces that delimit untrusted text, in hexadecimal
 * @param responseCache of valid answers; empty if every call is to be made
 */
public record WorkerContext(
        KafkaAccess kafka,
        String runId,
        Membership membership,
        Duration drain,
        Duration handover,
        Secret nonceSecret,
        Optional<ResponseCache> responseCache,
        MeterRegistry meters) {
    /** For interactive use, where the user waits for the end. */
    public static final Duration SHORT_DRAIN = Duration.ofSeconds(3);

    /** Most calls take less; see {@link #handover}. */
    public static final Duration MIN_HANDOVER = Duration.ofMinutes(1);

    /** A handover as long as the drain, but at least {@link #MIN_HANDOVER}. */
    public WorkerContext(
            KafkaAccess kafka,
            String runId,
            Membership membership,
            Duration drain,
            Secret nonceSecret,
            Optional<ResponseCache> responseCache,
            MeterRegistry meters) {
        this(kafka, runId, membership, drain, defaultHandover(drain), nonceSecret, responseCache, meters);
    }

    public static Duration defaultHandover(Duration drain) {
        return drain.compareTo(MIN_HANDOVER) < 0 ? MIN_HANDOVER : drain;
    }

    byte[] nonceKey() {
        return HexFormat.of().parseHex(nonceSecret.reveal());
    }
}

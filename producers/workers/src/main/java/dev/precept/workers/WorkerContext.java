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
 * Where a worker works.
 *
 * @param membership tells workers of one role apart
 * @param drain how long what is in flight may go on after a stop
 * @param nonceSecret from which the delimiters of foreign text are made, in hexadecimal
 * @param responseCache of answers, with which no call is made twice
 * @param meters where the worker is measured
 */
public record WorkerContext(
        KafkaAccess kafka,
        String runId,
        Membership membership,
        Duration drain,
        Secret nonceSecret,
        Optional<ResponseCache> responseCache,
        MeterRegistry meters) {
    /** As long as somebody who waits at a terminal likes to wait. */
    public static final Duration SHORT_DRAIN = Duration.ofSeconds(3);

    byte[] nonceKey() {
        return HexFormat.of().parseHex(nonceSecret.reveal());
    }
}

package dev.precept.workers;

import dev.precept.model.Secret;
import dev.precept.model.cache.Memory;
import dev.precept.runtime.kafka.KafkaAccess;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where a worker works.
 *
 * @param ordinal tells workers of one role apart; no two that live at once have the same
 * @param nonceSecret from which the delimiters of foreign text are made, in hexadecimal
 * @param memory of answers, with which no call is made twice
 * @param meters where the worker is measured
 */
public record Workplace(
        KafkaAccess kafka,
        String runId,
        int ordinal,
        Secret nonceSecret,
        Optional<Memory> memory,
        MeterRegistry meters) {
    byte[] nonceKey() {
        return HexFormat.of().parseHex(nonceSecret.reveal());
    }
}

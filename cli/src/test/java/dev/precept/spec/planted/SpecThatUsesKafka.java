package dev.precept.spec.planted;

import dev.precept.kafka.KafkaAccess;

/** An arrow from a leaf to a module above it, for the test of the arrows. */
public record SpecThatUsesKafka(KafkaAccess kafka) {}

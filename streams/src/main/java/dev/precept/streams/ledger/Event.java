package dev.precept.streams.ledger;

import java.time.Instant;

/** One input record of a step, with its coordinates and its own timestamp. */
public record Event<V>(V value, int partition, long offset, Instant time) {}

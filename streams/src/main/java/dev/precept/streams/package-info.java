/**
 * The Kafka Streams topology that keeps the ledger: it alone decides what happens to a slot. Its steps do no I/O of their
 * own, use no randomness and read no clock.
 */
@NullMarked
package dev.precept.streams;

import org.jspecify.annotations.NullMarked;

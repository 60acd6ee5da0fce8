/** A Kafka consumer with thousands of records in flight: out-of-order completion, in-order commit. */
@NullMarked
package dev.precept.consumer;

import org.jspecify.annotations.NullMarked;

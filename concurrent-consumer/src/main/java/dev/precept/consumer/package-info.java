/** Thousands of slow calls in flight on one ordinary consumer: out-of-order completion, in-order commit. */
@NullMarked
package dev.precept.consumer;

import org.jspecify.annotations.NullMarked;

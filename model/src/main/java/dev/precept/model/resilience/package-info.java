/** Load control for model endpoints: adaptive concurrency limits, rate limits and circuit breakers. */
@NullMarked
package dev.precept.model.resilience;

import org.jspecify.annotations.NullMarked;

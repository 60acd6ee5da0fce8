/** A model server with a defined latency, and its counters. */
@NullMarked
package dev.precept.benchmarks.server;

import org.jspecify.annotations.NullMarked;

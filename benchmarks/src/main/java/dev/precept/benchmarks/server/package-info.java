/** A model server of known latency, and what it saw. */
@NullMarked
package dev.precept.benchmarks.server;

import org.jspecify.annotations.NullMarked;

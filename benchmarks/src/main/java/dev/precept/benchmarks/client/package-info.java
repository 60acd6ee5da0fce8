/** The measured client processes and their broker, controlled with {@code ChildProtocol}. */
@NullMarked
package dev.precept.benchmarks.client;

import org.jspecify.annotations.NullMarked;

/** The processes that are measured, and the broker between them; each obeys the lines it is told. */
@NullMarked
package dev.precept.benchmarks.client;

import org.jspecify.annotations.NullMarked;

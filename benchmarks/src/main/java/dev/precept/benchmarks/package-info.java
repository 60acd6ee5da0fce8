/** Measures Precept as shipped; each command prints one JSON document. */
@NullMarked
package dev.precept.benchmarks;

import org.jspecify.annotations.NullMarked;

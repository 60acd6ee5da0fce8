/** Measurements of the product as it ships, each printed as one JSON document. */
@NullMarked
package dev.precept.benchmarks;

import org.jspecify.annotations.NullMarked;

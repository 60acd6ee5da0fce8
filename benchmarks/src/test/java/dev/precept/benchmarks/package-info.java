@NullMarked
package dev.precept.benchmarks;

import org.jspecify.annotations.NullMarked;

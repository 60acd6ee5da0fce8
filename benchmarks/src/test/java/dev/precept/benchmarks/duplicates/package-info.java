@NullMarked
package dev.precept.benchmarks.duplicates;

import org.jspecify.annotations.NullMarked;

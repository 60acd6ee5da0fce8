/** What a process measures of itself, and where it can be read. */
@NullMarked
package dev.precept.runtime.metrics;

import org.jspecify.annotations.NullMarked;

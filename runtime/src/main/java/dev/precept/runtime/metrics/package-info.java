/** The HTTP endpoint of metrics and health probes. */
@NullMarked
package dev.precept.runtime.metrics;

import org.jspecify.annotations.NullMarked;

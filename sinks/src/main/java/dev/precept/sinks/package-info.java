/** The sink: writes the records of {@code samples} and {@code rejections} to the chains of a dataset, exactly once. */
@NullMarked
package dev.precept.sinks;

import org.jspecify.annotations.NullMarked;

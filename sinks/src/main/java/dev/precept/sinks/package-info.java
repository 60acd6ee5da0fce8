/** Turns the log into immutable Parquet files exactly once, and files into versions. */
@NullMarked
package dev.precept.sinks;

import org.jspecify.annotations.NullMarked;

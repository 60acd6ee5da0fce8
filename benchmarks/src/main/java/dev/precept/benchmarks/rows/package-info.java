/** Rows as large as real ones, on their way into Parquet files. */
@NullMarked
package dev.precept.benchmarks.rows;

import org.jspecify.annotations.NullMarked;

/** Rows of realistic size, and the processes that write them to Parquet files. */
@NullMarked
package dev.precept.benchmarks.rows;

import org.jspecify.annotations.NullMarked;

/** Avro records in Parquet files, without Hadoop at run time. */
@NullMarked
package dev.precept.sinks.parquet;

import org.jspecify.annotations.NullMarked;

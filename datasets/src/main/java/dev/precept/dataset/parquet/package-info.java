/** Avro records in Parquet files, without Hadoop at run time. */
@NullMarked
package dev.precept.dataset.parquet;

import org.jspecify.annotations.NullMarked;

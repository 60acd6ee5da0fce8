/** Reads Parquet files as rows, without Hadoop at run time. */
@NullMarked
package dev.precept.prompts.parquet;

import org.jspecify.annotations.NullMarked;

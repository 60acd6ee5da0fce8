package dev.precept.dataset.view;

import dev.precept.records.Sample;
import org.jspecify.annotations.Nullable;

/**
 * What one row is made of.
 *
 * @param sample the sample; of a pair the better one
 * @param worse of a pair the worse one, be it kept or turned down; else null
 * @param index the row's place in its split, from 0
 */
public record RowInput(Sample sample, @Nullable Sample worse, Split split, long index) {}

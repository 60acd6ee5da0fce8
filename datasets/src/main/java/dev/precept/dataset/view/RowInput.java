package dev.precept.dataset.view;

import dev.precept.records.Sample;
import org.jspecify.annotations.Nullable;

/**
 * The input of one row.
 *
 * @param sample the sample; the better one of a pair
 * @param worse the worse sample of a pair, kept or rejected; null for other rows
 * @param index position of the row in its split, from 0
 */
public record RowInput(Sample sample, @Nullable Sample worse, Split split, long index) {}

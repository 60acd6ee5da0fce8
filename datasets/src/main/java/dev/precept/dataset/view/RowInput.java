package dev.precept.dataset.view;

import dev.precept.records.Sample;
import org.jspecify.annotations.Nullable;

/**
 * The input of one row.
 *
 * @param sample the sample; the better one of a pair
 * @param worse the worse sample of a pair, kept or rejected; null for other rows
 * @param index position of the row in its split, from 0
 * @param clausePolicy the response policy that the clauses of the prompt's categories state; null for none, and for rows
 *     that are no prompt
 */
public record RowInput(
        Sample sample,
        @Nullable Sample worse,
        Split split,
        long index,
        @Nullable String clausePolicy) {
    /** No clause states a response policy. */
    public RowInput(Sample sample, @Nullable Sample worse, Split split, long index) {
        this(sample, worse, split, index, null);
    }
}

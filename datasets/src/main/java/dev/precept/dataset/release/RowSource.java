package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.view.Split;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The samples of all rows of one {@link dev.precept.dataset.view.RowKind}. Samples with the same key form one row. */
interface RowSource {
    /** The keys of each split, in order. */
    Map<Split, List<RowKey>> keys();

    /** The key of the row that a sample belongs to. */
    RowKey key(Sample sample);

    /** Number of samples that form a row. */
    int samplesPerRow();

    /** Reads every sample that belongs to a row; the order is not defined. */
    void forEach(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException;
}

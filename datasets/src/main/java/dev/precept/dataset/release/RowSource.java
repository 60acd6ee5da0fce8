package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.view.Split;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The samples that the rows of one grain are made of. Samples of one key make one row; keys begin with a hash. */
interface RowSource {
    /** The keys of each side, in order. */
    Map<Split, List<RowKey>> keys();

    /** The row that a sample is part of. */
    RowKey key(Sample sample);

    /** How many samples make a row. */
    int samplesPerRow();

    /** Reads every sample that is part of a row, in no order that matters. */
    void forEach(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException;
}

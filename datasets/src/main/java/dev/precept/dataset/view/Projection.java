package dev.precept.dataset.view;

import dev.precept.dataset.parquet.ParquetColumns;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** The rows of one view in one format. Immutable. */
public final class Projection {
    private final View view;
    private final Schema schema;
    private final RowMaker maker;

    Projection(View view, Schema schema, RowMaker maker) {
        this.view = view;
        this.schema = schema;
        this.maker = maker;
    }

    interface RowMaker {
        IndexedRecord row(RowInput input);
    }

    /** The columns. */
    public Schema schema() {
        return schema;
    }

    /** How a release stores the columns. The rows of a shard are sorted by the identity columns. */
    public ParquetColumns storage() {
        return new ParquetColumns(
                view.identityColumns(), view.lookedColumns(), ColumnIds.TABLE, JsonText.columns(schema));
    }

    /** One row of the view. */
    public IndexedRecord row(RowInput input) {
        return maker.row(input);
    }
}

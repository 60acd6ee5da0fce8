package dev.precept.dataset.parquet;

import java.util.List;
import java.util.Map;

/**
 * How the columns of a released file are stored, beyond their types. Columns are dotted paths without the levels of lists:
 * {@code messages.element.role}.
 *
 * @param sortedBy columns by which the rows are sorted, ascending
 * @param looked columns with a Bloom filter: readers look values up that the order does not find
 * @param ids the {@code field_id} of every column, nested ones included
 * @param json columns of text that hold one JSON value each
 */
public record ParquetColumns(List<String> sortedBy, List<String> looked, Map<String, Integer> ids, List<String> json) {
    public ParquetColumns {
        sortedBy = List.copyOf(sortedBy);
        looked = List.copyOf(looked);
        ids = Map.copyOf(ids);
        json = List.copyOf(json);
    }
}

package dev.precept.dataset.evidence;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields by name from a record of any schema, such as a neutral row or some of its columns. A field that the schema does
 * not have is null.
 */
record Row(IndexedRecord record) {
    @Nullable
    Object get(String name) {
        Schema.Field field = record.getSchema().getField(name);
        return field == null ? null : record.get(field.pos());
    }

    @Nullable
    String text(String name) {
        Object value = get(name);
        return value == null ? null : value.toString();
    }

    /** @throws IllegalStateException if it is null */
    String requireText(String name) {
        String value = text(name);
        if (value == null) {
            throw new IllegalStateException("a row without " + name);
        }
        return value;
    }

    @Nullable
    Double number(String name) {
        return get(name) instanceof Number number ? number.doubleValue() : null;
    }

    long count(String name) {
        return get(name) instanceof Number number ? number.longValue() : 0;
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(get(name));
    }

    @Nullable
    Row row(String name) {
        return get(name) instanceof IndexedRecord nested ? new Row(nested) : null;
    }

    /** Null if the field is. */
    @Nullable
    List<Row> rows(String name) {
        if (!(get(name) instanceof List<?> elements)) {
            return null;
        }
        List<Row> rows = new ArrayList<>(elements.size());
        for (Object element : elements) {
            rows.add(new Row((IndexedRecord) element));
        }
        return rows;
    }

    /** Empty if the field is null. */
    List<String> texts(String name) {
        return get(name) instanceof List<?> elements
                ? elements.stream().map(Object::toString).toList()
                : List.of();
    }
}

package dev.precept.dataset.parquet;

import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Gives each column of a schema its field id, and marks those that hold JSON. The repeated level of a list is no column. */
final class ColumnTypes {
    private final ParquetColumns columns;

    private ColumnTypes(ParquetColumns columns) {
        this.columns = columns;
    }

    /** @throws IllegalArgumentException if a column has no id */
    static MessageType apply(MessageType schema, ParquetColumns columns) {
        ColumnTypes types = new ColumnTypes(columns);
        return new MessageType(
                schema.getName(),
                schema.getFields().stream()
                        .map(field -> types.column(field, field.getName()))
                        .toList());
    }

    private Type column(Type type, String path) {
        Integer id = columns.ids().get(path);
        if (id == null) {
            throw new IllegalArgumentException("column " + path + " has no field id");
        } else if (type.isPrimitive()) {
            return (columns.json().contains(path) ? json(type.asPrimitiveType()) : type).withId(id);
        }
        GroupType group = type.asGroupType();
        if (group.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) {
            GroupType level = group.getType(0).asGroupType();
            Type element = level.getType(0);
            return group.withNewFields(level.withNewFields(column(element, path + "." + element.getName())))
                    .withId(id);
        }
        return group.withNewFields(group.getFields().stream()
                        .map(field -> column(field, path + "." + field.getName()))
                        .toList())
                .withId(id);
    }

    private static Type json(PrimitiveType text) {
        return Types.primitive(text.getPrimitiveTypeName(), text.getRepetition())
                .as(LogicalTypeAnnotation.jsonType())
                .named(text.getName());
    }

    /** A column path without the repeated levels of lists, as the keys of ids. */
    static String path(String[] levels) {
        StringBuilder path = new StringBuilder(levels[0]);
        for (int level = 1; level < levels.length; level++) {
            boolean repeated =
                    levels[level].equals("list") && level + 1 < levels.length && levels[level + 1].equals("element");
            if (!repeated) {
                path.append('.').append(levels[level]);
            }
        }
        return path.toString();
    }
}

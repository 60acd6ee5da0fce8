package dev.precept.prompts.parquet;

import dev.precept.prompts.row.JsonRow;
import dev.precept.prompts.row.JsonText;
import java.util.Optional;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** The JSON type of a group of columns. */
enum ColumnShape {
    /** Its only field is repeated. */
    LIST,
    /** Its only field is a repeated pair. */
    MAP,
    OBJECT;

    private static final int MAX_DEPTH = JsonRow.MAX_DEPTH;

    /** Applies the rules of Parquet's logical types; a list or map that does not follow them is an object. */
    static ColumnShape of(GroupType group) {
        LogicalTypeAnnotation annotation = group.getLogicalTypeAnnotation();
        boolean wraps = group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED);
        if (annotation instanceof ListLogicalTypeAnnotation && wraps) {
            return LIST;
        }
        return annotation instanceof MapLogicalTypeAnnotation && wraps && isPair(group.getType(0)) ? MAP : OBJECT;
    }

    private static boolean isPair(Type repeated) {
        return !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 2
                && repeated.asGroupType().getType(0).isPrimitive()
                && isText(repeated.asGroupType().getType(0).asPrimitiveType());
    }

    /** Whether the repeated field of a list is the element itself, as old writers have it, and not a group around it. */
    static boolean isElement(Type repeated) {
        return repeated.isPrimitive()
                || repeated.asGroupType().getFieldCount() != 1
                || repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)
                || repeated.getName().equals("array")
                || repeated.getName().endsWith("_tuple");
    }

    /** Describes the first column at or below a type that has no JSON value; empty if there is none. */
    static Optional<String> unreadable(Type type, String name, int depth) {
        if (depth > MAX_DEPTH) {
            return Optional.of("'" + JsonText.shortened(name) + "' is nested deeper than " + MAX_DEPTH);
        }
        if (type.isPrimitive()) {
            PrimitiveType primitive = type.asPrimitiveType();
            return isReadable(primitive)
                    ? Optional.empty()
                    : Optional.of("'" + JsonText.shortened(name) + "' is of type " + describe(primitive));
        }
        return type.asGroupType().getFields().stream()
                .flatMap(field -> unreadable(field, name + "." + field.getName(), depth + 1).stream())
                .findFirst();
    }

    private static boolean isReadable(PrimitiveType type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        if (annotation instanceof UnknownLogicalTypeAnnotation) {
            return true; // a column of nulls, whatever its type
        }
        boolean decimal = annotation instanceof DecimalLogicalTypeAnnotation;
        boolean number = annotation == null || annotation instanceof IntLogicalTypeAnnotation || decimal;
        return switch (type.getPrimitiveTypeName()) {
            case BINARY -> isText(type) || decimal;
            case INT32 -> number || annotation instanceof DateLogicalTypeAnnotation;
            case INT64 -> number || annotation instanceof TimestampLogicalTypeAnnotation;
            case BOOLEAN, DOUBLE, FLOAT -> annotation == null;
            case FIXED_LEN_BYTE_ARRAY -> annotation instanceof UUIDLogicalTypeAnnotation || decimal;
            case INT96 -> false;
        };
    }

    private static boolean isText(PrimitiveType type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        return type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY
                && (annotation == null
                        || annotation instanceof StringLogicalTypeAnnotation
                        || annotation instanceof EnumLogicalTypeAnnotation
                        || annotation instanceof JsonLogicalTypeAnnotation);
    }

    private static String describe(PrimitiveType type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        return annotation == null ? type.getPrimitiveTypeName().toString() : annotation.toString();
    }
}

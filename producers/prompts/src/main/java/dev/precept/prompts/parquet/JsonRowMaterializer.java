package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Assembles the columns of a row into a JSON object: groups become objects, lists become lists, nulls are absent. Of an
 * oversize row only the size is known. Not thread-safe.
 */
final class JsonRowMaterializer extends RecordMaterializer<ObjectNode> {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final RowSize size = new RowSize();
    private final Group root;
    private ObjectNode row = NODES.objectNode();

    JsonRowMaterializer(MessageType schema) {
        this.root = object(schema, made -> row = made);
    }

    @Override
    public ObjectNode getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    /** Size and fault of the current row; the caller clears it before the next row. */
    RowSize size() {
        return size;
    }

    private Converter converter(Type type, Consumer<JsonNode> parent) {
        if (type.isPrimitive()) {
            return new JsonPrimitiveConverter(type.asPrimitiveType(), size, parent);
        }
        GroupType group = type.asGroupType();
        return switch (ColumnShape.of(group)) {
            case LIST -> list(group.getType(0), parent);
            case MAP -> map(group.getType(0).asGroupType(), parent);
            case OBJECT -> object(group, made -> emit(parent, made));
        };
    }

    private Group object(GroupType type, Consumer<ObjectNode> whole) {
        ObjectNode[] at = new ObjectNode[1];
        return new Group(
                type.getFieldCount(),
                i -> {
                    Type field = type.getType(i);
                    String name = field.getName();
                    return field.isRepetition(Type.Repetition.REPEATED)
                            ? converter(field, value -> put(at[0].withArray(name), value))
                            : converter(field, value -> at[0].set(name, value));
                },
                () -> at[0] = NODES.objectNode(),
                () -> whole.accept(at[0]));
    }

    /** @param repeated a group around the element, or, in files of old writers, the element itself */
    private Group list(Type repeated, Consumer<JsonNode> parent) {
        ArrayNode[] at = new ArrayNode[1];
        Consumer<JsonNode> add = value -> put(at[0], value);
        return new Group(
                1,
                _ -> ColumnShape.isElement(repeated)
                        ? converter(repeated, add)
                        : entry(List.of(repeated.asGroupType().getType(0)), values -> add.accept(values[0])),
                () -> at[0] = NODES.arrayNode(),
                () -> emit(parent, at[0]));
    }

    private Group map(GroupType repeated, Consumer<JsonNode> parent) {
        ObjectNode[] at = new ObjectNode[1];
        return new Group(
                1,
                _ -> entry(repeated.getFields(), values -> {
                    if (size.tryAdd(RowSize.VALUE_BYTES)) {
                        at[0].set(values[0].asText(), values[1]);
                    }
                }),
                () -> at[0] = NODES.objectNode(),
                () -> emit(parent, at[0]));
    }

    /** A repeated group: collects its values, with null for an absent one. */
    private Group entry(List<Type> types, Consumer<JsonNode[]> whole) {
        JsonNode[] values = new JsonNode[types.size()];
        return new Group(
                types.size(),
                i -> converter(types.get(i), value -> values[i] = value),
                () -> Arrays.fill(values, NullNode.getInstance()),
                () -> whole.accept(values));
    }

    private void put(ArrayNode list, JsonNode value) {
        if (size.tryAdd(RowSize.VALUE_BYTES)) {
            list.add(value);
        }
    }

    private void emit(Consumer<JsonNode> parent, JsonNode value) {
        if (size.tryAdd(RowSize.VALUE_BYTES)) {
            parent.accept(value);
        }
    }

    /** A group of columns with callbacks for its start and end. */
    private static final class Group extends GroupConverter {
        private final Converter[] converters;
        private final Runnable onStart;
        private final Runnable onEnd;

        Group(int count, IntFunction<Converter> children, Runnable onStart, Runnable onEnd) {
            this.converters = new Converter[count];
            Arrays.setAll(converters, children);
            this.onStart = onStart;
            this.onEnd = onEnd;
        }

        @Override
        public Converter getConverter(int field) {
            return converters[field];
        }

        @Override
        public void start() {
            onStart.run();
        }

        @Override
        public void end() {
            onEnd.run();
        }
    }
}

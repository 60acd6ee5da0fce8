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
 * Puts the columns of a row together as the JSON object they stand for: groups are objects, lists are lists, a null is
 * nothing. Of a row that is too large only the size is found out. Used by one thread.
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

    /** How large the row is that was read last, and what is wrong with it; the next row starts anew. */
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
            case OBJECT -> object(group, made -> hand(parent, made));
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

    /** @param repeated the element itself in files of old writers, else a group around it */
    private Group list(Type repeated, Consumer<JsonNode> parent) {
        ArrayNode[] at = new ArrayNode[1];
        Consumer<JsonNode> add = value -> put(at[0], value);
        return new Group(
                1,
                _ -> ColumnShape.isElement(repeated)
                        ? converter(repeated, add)
                        : entry(List.of(repeated.asGroupType().getType(0)), values -> add.accept(values[0])),
                () -> at[0] = NODES.arrayNode(),
                () -> hand(parent, at[0]));
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
                () -> hand(parent, at[0]));
    }

    /** What is repeated: values that come one by one, null where none comes. */
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

    private void hand(Consumer<JsonNode> parent, JsonNode value) {
        if (size.tryAdd(RowSize.VALUE_BYTES)) {
            parent.accept(value);
        }
    }

    /** A group of columns, and what to do where it begins and ends. */
    private static final class Group extends GroupConverter {
        private final Converter[] converters;
        private final Runnable begun;
        private final Runnable ended;

        Group(int count, IntFunction<Converter> children, Runnable begun, Runnable ended) {
            this.converters = new Converter[count];
            Arrays.setAll(converters, children);
            this.begun = begun;
            this.ended = ended;
        }

        @Override
        public Converter getConverter(int field) {
            return converters[field];
        }

        @Override
        public void start() {
            begun.run();
        }

        @Override
        public void end() {
            ended.run();
        }
    }
}

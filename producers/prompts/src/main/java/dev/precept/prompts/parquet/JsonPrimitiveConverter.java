package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.UnusableRowException;
import java.math.BigInteger;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** Converts a primitive column value to JSON. */
final class JsonPrimitiveConverter extends PrimitiveConverter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final boolean unsigned;
    private final RowSize size;
    private final Consumer<JsonNode> parent;

    JsonPrimitiveConverter(PrimitiveType type, RowSize size, Consumer<JsonNode> parent) {
        this.unsigned = type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
        this.size = size;
        this.parent = parent;
    }

    @Override
    public void addBinary(Binary value) {
        if (!size.tryAdd(RowSize.VALUE_BYTES + (long) value.length())) {
            return;
        }
        try {
            parent.accept(NODES.textNode(Cells.text(value.getBytesUnsafe())));
        } catch (UnusableRowException e) {
            size.fault(e.detail());
            // Rows with different bytes must have different hashes.
            parent.accept(NODES.binaryNode(value.getBytes()));
        }
    }

    @Override
    public void addBoolean(boolean value) {
        emit(NODES.booleanNode(value));
    }

    @Override
    public void addDouble(double value) {
        emit(NODES.numberNode(value));
    }

    @Override
    public void addFloat(float value) {
        emit(NODES.numberNode(value));
    }

    @Override
    public void addInt(int value) {
        emit(NODES.numberNode(unsigned ? Integer.toUnsignedLong(value) : value));
    }

    @Override
    public void addLong(long value) {
        emit(
                unsigned && value < 0
                        ? NODES.numberNode(new BigInteger(Long.toUnsignedString(value)))
                        : NODES.numberNode(value));
    }

    private void emit(JsonNode value) {
        if (size.tryAdd(RowSize.VALUE_BYTES)) {
            parent.accept(value);
        }
    }
}

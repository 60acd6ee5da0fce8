package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.UnusableRowException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** Converts a primitive column value to JSON; a date, a time stamp and a UUID are text. */
final class JsonPrimitiveConverter extends PrimitiveConverter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long NANOS = 1_000_000_000;

    private final @Nullable LogicalTypeAnnotation logical;
    private final RowSize size;
    private final Consumer<JsonNode> parent;

    JsonPrimitiveConverter(PrimitiveType type, RowSize size, Consumer<JsonNode> parent) {
        this.logical = type.getLogicalTypeAnnotation();
        this.size = size;
        this.parent = parent;
    }

    @Override
    public void addBinary(Binary value) {
        if (!size.tryAdd(RowSize.VALUE_BYTES + (long) value.length())) {
            return;
        }
        switch (logical) {
            case UUIDLogicalTypeAnnotation _ -> {
                ByteBuffer bytes = ByteBuffer.wrap(value.getBytes());
                parent.accept(NODES.textNode(new UUID(bytes.getLong(), bytes.getLong()).toString()));
            }
            case DecimalLogicalTypeAnnotation decimal ->
                parent.accept(decimal(new BigInteger(value.getBytes()), decimal.getScale()));
            case null, default -> addText(value);
        }
    }

    private void addText(Binary value) {
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
        emit(
                switch (logical) {
                    case DateLogicalTypeAnnotation _ ->
                        NODES.textNode(LocalDate.ofEpochDay(value).toString());
                    case DecimalLogicalTypeAnnotation decimal -> decimal(BigInteger.valueOf(value), decimal.getScale());
                    case IntLogicalTypeAnnotation whole
                    when !whole.isSigned() -> NODES.numberNode(Integer.toUnsignedLong(value));
                    case null, default -> NODES.numberNode(value);
                });
    }

    @Override
    public void addLong(long value) {
        emit(
                switch (logical) {
                    case TimestampLogicalTypeAnnotation stamp -> NODES.textNode(text(stamp, value));
                    case DecimalLogicalTypeAnnotation decimal -> decimal(BigInteger.valueOf(value), decimal.getScale());
                    case IntLogicalTypeAnnotation whole
                    when !whole.isSigned() && value < 0 ->
                        NODES.numberNode(new BigInteger(Long.toUnsignedString(value)));
                    case null, default -> NODES.numberNode(value);
                });
    }

    private static JsonNode decimal(BigInteger unscaled, int scale) {
        return scale == 0 ? NODES.numberNode(unscaled) : NODES.numberNode(new BigDecimal(unscaled, scale));
    }

    private static String text(TimestampLogicalTypeAnnotation stamp, long value) {
        long unit = switch (stamp.getUnit()) {
            case MILLIS -> 1_000;
            case MICROS -> 1_000_000;
            case NANOS -> NANOS;
        };
        long seconds = Math.floorDiv(value, unit);
        long nanos = Math.floorMod(value, unit) * (NANOS / unit);
        return stamp.isAdjustedToUTC()
                ? Instant.ofEpochSecond(seconds, nanos).toString()
                : LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC)
                        .toString();
    }

    private void emit(JsonNode value) {
        if (size.tryAdd(RowSize.VALUE_BYTES)) {
            parent.accept(value);
        }
    }
}

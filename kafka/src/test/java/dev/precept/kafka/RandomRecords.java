package dev.precept.kafka;

import dev.precept.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Random records of any schema: all branches of unions, unusual texts, empty and non-empty collections. */
final class RandomRecords {
    private static final List<String> TEXTS =
            List.of("", "plain", "two\nlines", "caf\u00e9 \ud83d\ude00", "\u0000", "\"quoted\" \\", "<think>");

    private final RandomGenerator random;

    RandomRecords(RandomGenerator random) {
        this.random = random;
    }

    <V extends SpecificRecord> V of(Topic<V> topic) {
        return topic.type().cast(record(topic.schema()));
    }

    private Object record(Schema schema) {
        SpecificRecord record = (SpecificRecord) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(field.pos(), value(field.schema()));
        }
        return record;
    }

    private @Nullable Object value(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case UNION ->
                value(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
            case ENUM ->
                SpecificData.get()
                        .createEnum(
                                schema.getEnumSymbols()
                                        .get(random.nextInt(
                                                schema.getEnumSymbols().size())),
                                schema);
            case ARRAY -> list(schema.getElementType());
            case MAP -> map(schema.getValueType());
            case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
            case INT -> random.nextInt();
            case LONG -> schema.getLogicalType() == null ? random.nextLong() : Instant.ofEpochMilli(random.nextInt());
            case DOUBLE -> random.nextDouble(-10, 10);
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
            case BYTES -> ByteBuffer.wrap(new byte[] {1, (byte) random.nextInt()});
            case FIXED, FLOAT -> throw new AssertionError("no record uses " + schema.getType() + " so far");
        };
    }

    private List<@Nullable Object> list(Schema elements) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            list.add(value(elements));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(Schema values) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            map.put("key " + i, value(values));
        }
        return map;
    }
}

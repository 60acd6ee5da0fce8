package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.AttemptFailure;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Reason;
import dev.precept.records.Seq;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that an earlier version wrote is read by this one, so a field with a default does not end an open run. */
final class StoreSchemaEvolutionTest {
    private static final String TOPIC = "precept.streams-ledger-changelog";

    static Stream<Schema> earlierSchemas() {
        return Stream.of(LedgerRow.class, PartitionProgress.class)
                .flatMap(type -> AvroSerde.earlierSchemas(type).stream());
    }

    @ParameterizedTest
    @MethodSource("earlierSchemas")
    void everyEarlierSchemaIsReadable(Schema earlier) {
        Schema now =
                earlier.getName().equals("LedgerRow") ? LedgerRow.getClassSchema() : PartitionProgress.getClassSchema();
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, earlier)
                        .getResult()
                        .getIncompatibilities())
                .isEmpty();
    }

    @Test
    void aRowOfTheFirstVersionIsRead() throws IOException {
        Schema first = AvroSerde.earlierSchemas(LedgerRow.class).getFirst();
        GenericRecord seq = new GenericData.Record(first.getField("seq").schema());
        seq.put("offset", 17L);
        seq.put("partition", 3);
        seq.put("slot", 1);
        Schema failure = first.getField("furthest").schema().getTypes().getLast();
        GenericRecord furthest = new GenericData.Record(failure);
        furthest.put("reason", symbol(failure.getField("reason").schema(), "TIMED_OUT"));
        furthest.put("stage", symbol(failure.getField("stage").schema(), "GENERATION"));
        furthest.put("attempt", 1);
        furthest.put("detail", "three times");
        GenericRecord row = new GenericData.Record(first);
        row.put("state", symbol(first.getField("state").schema(), "JUDGING"));
        row.put("attempt", 2);
        row.put("try_number", 1);
        row.put("seq", seq);
        row.put("candidate_sha256", "cafe");
        row.put("furthest", furthest);

        try (Serde<LedgerRow> serde = AvroSerde.of(LedgerRow.class)) {
            LedgerRow read = serde.deserializer().deserialize(TOPIC, encoded(first, row));
            assertThat(read)
                    .isEqualTo(LedgerRow.newBuilder()
                            .setState(SlotState.JUDGING)
                            .setAttempt(2)
                            .setTryNumber(1)
                            .setSeq(new Seq(17L, 3, 1))
                            .setCandidateSha256("cafe")
                            .setFurthest(new AttemptFailure(Reason.TIMED_OUT, Stage.GENERATION, 1, "three times", null))
                            .build());
            byte[] written = serde.serializer().serialize(TOPIC, read);
            assertThat(serde.deserializer().deserialize(TOPIC, written)).isEqualTo(read);
            assertThat(ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
                    .as("written with the present schema")
                    .isEqualTo(SchemaNormalization.parsingFingerprint64(LedgerRow.getClassSchema()));
        }
    }

    @Test
    void aProgressOfTheFirstVersionIsRead() throws IOException {
        Schema first = AvroSerde.earlierSchemas(PartitionProgress.class).getFirst();
        GenericRecord progress = new GenericData.Record(first);
        progress.put("run_id", "run-1");
        progress.put("partition", 3);
        progress.put("slots", 5L);
        progress.put("accepted", 2L);
        progress.put("rejected", Map.of("LOW_SCORE", 1L));
        progress.put("invalid", Map.of("UNREADABLE", 1L));
        progress.put("in_flight", Map.of("JUDGING", 1L));
        progress.put("replayed", 7L);
        progress.put("stale", 8L);
        progress.put("prompts_read", 5L);
        progress.put("sources_ended", List.of("a.jsonl"));
        progress.put("sources", 2);
        progress.put("complete", false);
        progress.put("as_of", 1_000L);
        try (Serde<PartitionProgress> serde = AvroSerde.of(PartitionProgress.class)) {
            PartitionProgress read = serde.deserializer().deserialize(TOPIC, encoded(first, progress));
            ReferenceProgress.assertBalanced(read);
            assertThat(read.getRunId()).isEqualTo("run-1");
            assertThat(read.getSourcesEnded()).containsExactly("a.jsonl");
            assertThat(read.getAsOf()).isEqualTo(Instant.ofEpochMilli(1_000));
        }
    }

    @Test
    void aValueOfALaterSchemaIsAnErrorOfTheStore() throws IOException {
        Schema later = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"LedgerRow\", \"namespace\": \"dev.precept.records\","
                        + " \"fields\": [{\"name\": \"mood\", \"type\": \"string\"}]}");
        GenericRecord row = new GenericData.Record(later);
        row.put("mood", "good");
        byte[] bytes = encoded(later, row);
        try (Serde<LedgerRow> serde = AvroSerde.of(LedgerRow.class)) {
            assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, bytes))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining(TOPIC)
                    .hasMessageContaining("written by a newer version, or is damaged");
        }
    }

    private static GenericData.EnumSymbol symbol(Schema schema, String name) {
        return new GenericData.EnumSymbol(schema, name);
    }

    private static byte[] encoded(Schema schema, GenericRecord value) throws IOException {
        ByteBuffer bytes = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(value);
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return array;
    }
}

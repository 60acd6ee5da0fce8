package dev.precept.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.EndMarker;
import dev.precept.records.PromptEvent;
import dev.precept.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

/** Two versions may read one topic of prompts: the bytes of either, with the schema of the other. */
final class EndMarkerCompatibilityTest {
    private static final Schema NOW = Topics.PROMPTS.schema();

    private static Schema first() throws IOException {
        return new Schema.Parser().parse(Golden.read("v1/prompts.avsc"));
    }

    @Test
    void theVersionBeforeReadsASourceThatHasEnded() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<PromptEvent>(NOW)
                .write(new PromptEvent("run-1", new EndMarker("a.jsonl", 3, 2, true)), encoder);
        encoder.flush();
        GenericRecord event = new GenericDatumReader<GenericRecord>(NOW, first())
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        GenericRecord marker = (GenericRecord) event.get("body");
        assertThat(marker.getSchema().getName()).isEqualTo("EndMarker");
        assertThat(marker.get("source")).hasToString("a.jsonl");
        assertThat(marker.get("partition")).isEqualTo(3);
        assertThat(marker.get("sources")).isEqualTo(2);
        assertThat(marker.hasField("closes")).isFalse();
    }

    @Test
    void whatTheVersionBeforeSaidClosesNothing() throws IOException {
        Schema then = first();
        GenericRecord marker = new GenericData.Record(then.getField("body").schema().getTypes().stream()
                .filter(branch -> branch.getName().equals("EndMarker"))
                .findFirst()
                .orElseThrow());
        marker.put("source", "a.jsonl");
        marker.put("partition", 3);
        marker.put("sources", 2);
        GenericRecord event = new GenericData.Record(then);
        event.put("run_id", "run-1");
        event.put("body", marker);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(then).write(event, encoder);
        encoder.flush();
        PromptEvent read = new SpecificDatumReader<PromptEvent>(then, NOW)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        assertThat(read.getBody()).isEqualTo(new EndMarker("a.jsonl", 3, 2, false));
    }
}

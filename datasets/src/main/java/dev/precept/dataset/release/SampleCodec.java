package dev.precept.dataset.release;

import dev.precept.records.Sample;
import dev.precept.schemas.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/** Samples in Avro binary encoding. For one thread. */
final class SampleCodec {
    private final SpecificDatumWriter<Sample> writer = new SpecificDatumWriter<>(Sample.class);
    private final SpecificDatumReader<Sample> reader = new SpecificDatumReader<>(Sample.class);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable BinaryEncoder encoder;
    private @Nullable BinaryDecoder decoder;

    static {
        TrustedRecords.trust();
    }

    byte[] encode(Sample sample) throws IOException {
        bytes.reset();
        encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
        writer.write(sample, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    Sample decode(byte[] sample) throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(sample, decoder);
        return reader.read(null, decoder);
    }
}

package dev.precept.dataset.parquet;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/**
 * The form of a sample in the file of a commit: each text is stored once. Where the last message repeats the columns
 * {@code answer} or {@code reasoning}, its own field is null and a flag is set; other messages are stored as they are. A
 * file without flags, which has every text twice, is read too.
 */
final class StoredSample {
    private static final Schema SAMPLE = Sample.getClassSchema();
    private static final int COLUMNS = SAMPLE.getFields().size();
    private static final int MESSAGES = SAMPLE.getField("messages").pos();

    static final Schema SCHEMA = schema();

    /** Of samples: strings, enums and times are those of the generated class. */
    static final GenericData MODEL = SpecificData.getForClass(Sample.class);

    private StoredSample() {}

    private static Schema schema() {
        List<Schema.Field> fields = new ArrayList<>();
        SAMPLE.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        for (String flag : List.of("content_is_answer", "reasoning_content_is_reasoning")) {
            fields.add(new Schema.Field(flag, Schema.create(Schema.Type.BOOLEAN), null, false));
        }
        return Schema.createRecord("StoredSample", null, SAMPLE.getNamespace(), false, fields);
    }

    static IndexedRecord of(Sample sample) {
        GenericData.Record stored = new GenericData.Record(SCHEMA);
        for (int column = 0; column < COLUMNS; column++) {
            stored.put(column, sample.get(column));
        }
        List<Message> messages = sample.getMessages();
        Message last = messages.isEmpty() ? new Message() : messages.getLast();
        boolean answer = Objects.equals(last.getContent(), sample.getAnswer());
        boolean reasoning = Objects.equals(last.getReasoningContent(), sample.getReasoning());
        stored.put(COLUMNS, answer);
        stored.put(COLUMNS + 1, reasoning);
        if (answer || reasoning) {
            List<Message> once = new ArrayList<>(messages);
            once.set(
                    once.size() - 1,
                    new Message(
                            last.getRole(),
                            answer ? null : last.getContent(),
                            reasoning ? null : last.getReasoningContent(),
                            last.getToolCalls(),
                            last.getToolCallId(),
                            last.getName()));
            stored.put(MESSAGES, once);
        }
        return stored;
    }

    /** The sample that was stored. Its parts are those of the stored record. */
    static Sample restore(IndexedRecord stored) {
        Sample sample = new Sample();
        for (int column = 0; column < COLUMNS; column++) {
            sample.put(column, stored.get(column));
        }
        if (Boolean.TRUE.equals(stored.get(COLUMNS))) {
            sample.getMessages().getLast().setContent(sample.getAnswer());
        }
        if (Boolean.TRUE.equals(stored.get(COLUMNS + 1))) {
            sample.getMessages().getLast().setReasoningContent(sample.getReasoning());
        }
        return sample;
    }

    /** Writes samples. */
    static final class Writing extends WriteSupport<Sample> {
        private final AvroWriteSupport<Object> support;

        Writing(MessageType schema) {
            this.support = new AvroWriteSupport<>(schema, SCHEMA, MODEL);
        }

        @Override
        @Deprecated
        public WriteContext init(Configuration settings) {
            return support.init(settings);
        }

        @Override
        public WriteContext init(ParquetConfiguration settings) {
            return support.init(settings);
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            support.prepareForWrite(consumer);
        }

        @Override
        public void write(Sample sample) {
            support.write(of(sample));
        }

        @Override
        public String getName() {
            return support.getName();
        }
    }

    /** Reads samples; the settings must name {@link #SCHEMA} as the schema to read. */
    static final class Reading extends ReadSupport<Sample> {
        private final AvroReadSupport<IndexedRecord> support = new AvroReadSupport<>(MODEL);

        @Override
        public ReadContext init(InitContext context) {
            return support.init(context);
        }

        @Override
        public RecordMaterializer<Sample> prepareForRead(
                ParquetConfiguration settings, Map<String, String> metadata, MessageType schema, ReadContext context) {
            return new Restoring(support.prepareForRead(settings, metadata, schema, context));
        }

        @Override
        @Deprecated
        public RecordMaterializer<Sample> prepareForRead(
                Configuration settings, Map<String, String> metadata, MessageType schema, ReadContext context) {
            return new Restoring(support.prepareForRead(settings, metadata, schema, context));
        }
    }

    private static final class Restoring extends RecordMaterializer<Sample> {
        private final RecordMaterializer<IndexedRecord> stored;

        Restoring(RecordMaterializer<IndexedRecord> stored) {
            this.stored = stored;
        }

        @Override
        public Sample getCurrentRecord() {
            return restore(stored.getCurrentRecord());
        }

        @Override
        public void skipCurrentRecord() {
            stored.skipCurrentRecord();
        }

        @Override
        public GroupConverter getRootConverter() {
            return stored.getRootConverter();
        }
    }
}

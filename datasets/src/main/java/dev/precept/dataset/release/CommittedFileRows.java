package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.records.Dedup;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one committed file, all columns or only those that decide what a version keeps. */
final class CommittedFileRows {
    private static final List<String> SAMPLE_COLUMNS = List.of(
            "sample_id",
            "run_id",
            "prompt_id",
            "spec_version",
            "spec_excerpt_sha256",
            "tools",
            "messages.tool_calls",
            "messages.tool_call_id",
            "messages.name",
            "judge_min",
            "dedup.content_hash",
            "dedup.seq",
            "source.uri",
            "source.name");
    private static final String CATEGORY = "category";
    private static final String SIGNATURE = "dedup.signature";
    private static final List<String> SLOT_COLUMNS = List.of("terminal", "outcome", "reason", "invalid_reason");

    private CommittedFileRows() {}

    static <R extends SpecificRecord> void forEach(
            CommittedRows rows, StoredRows range, Class<R> type, CommittedRows.RowConsumer<R> consumer)
            throws IOException {
        Path file = rows.local(range);
        try (ParquetReader<R> reader = ParquetFiles.reader(file, type)) {
            forEach(reader, range, consumer);
        }
        rows.discard(file);
    }

    /**
     * Reads samples with the columns that decide what a version keeps; their other fields are not set.
     *
     * @param withCategories whether the categories decide too
     */
    static void forEachKey(
            CommittedRows rows, StoredRows range, boolean withCategories, CommittedRows.RowConsumer<Sample> consumer)
            throws IOException {
        List<String> columns = new ArrayList<>(SAMPLE_COLUMNS);
        if (withCategories) {
            columns.add(CATEGORY);
        }
        forEach(rows, range, Sample.getClassSchema(), columns, row -> {
            Sample sample = sample(row);
            if (withCategories) {
                sample.setCategory(((List<?>) row.get(CATEGORY))
                        .stream().map(String::valueOf).toList());
            }
            consumer.accept(sample);
        });
    }

    interface BandConsumer {
        /** @param signature how the row was signed; null if it was not */
        void accept(String sampleId, @Nullable String signature, long[] bands) throws IOException;
    }

    /**
     * Reads the bands of samples; of a file that is older than bands, none.
     *
     * @param column of the bands
     */
    static void forEachBands(CommittedRows rows, StoredRows range, String column, BandConsumer consumer)
            throws IOException {
        boolean hasBands = ParquetFiles.hasColumns(rows.local(range), List.of(column, SIGNATURE));
        List<String> columns = hasBands ? List.of("sample_id", SIGNATURE, column) : List.of("sample_id");
        String name = column.substring(column.indexOf('.') + 1);
        forEach(rows, range, Sample.getClassSchema(), columns, row -> {
            GenericRecord dedup = hasBands ? (GenericRecord) row.get("dedup") : null;
            consumer.accept(
                    text(row, "sample_id"),
                    dedup == null ? null : optional(dedup, "signature"),
                    dedup == null ? new long[0] : numbers((List<?>) dedup.get(name)));
        });
    }

    private static long[] numbers(@Nullable List<?> values) {
        return values == null
                ? new long[0]
                : values.stream().mapToLong(value -> (long) value).toArray();
    }

    /** Reads samples with some columns of their texts: {@code reasoning}, roles and contents of messages; and their ids. */
    static void forEachText(
            CommittedRows rows, StoredRows range, List<String> columns, CommittedRows.RowConsumer<Sample> consumer)
            throws IOException {
        List<String> all = new ArrayList<>(columns);
        all.add("sample_id");
        forEach(rows, range, Sample.getClassSchema(), all, row -> {
            Sample sample = new Sample();
            sample.setSampleId(text(row, "sample_id"));
            if (row.hasField("reasoning")) {
                sample.setReasoning(text(row, "reasoning"));
            }
            if (row.hasField("messages")) {
                sample.setMessages(turns((List<?>) row.get("messages")));
            }
            consumer.accept(sample);
        });
    }

    /** Messages with their roles and contents. The content of the last one may be stored as the answer only. */
    private static List<Message> turns(List<?> rows) {
        List<Message> messages = new ArrayList<>(rows.size());
        for (Object each : rows) {
            GenericRecord row = (GenericRecord) each;
            Message message = new Message();
            message.setRole(text(row, "role"));
            message.setContent(optional(row, "content"));
            messages.add(message);
        }
        return messages;
    }

    interface ColumnConsumer {
        void accept(String sampleId, GenericRecord row) throws IOException;
    }

    /** Reads samples with some columns, and their ids. */
    static void forEachColumns(CommittedRows rows, StoredRows range, List<String> columns, ColumnConsumer consumer)
            throws IOException {
        List<String> all = new ArrayList<>(columns);
        all.add("sample_id");
        forEach(rows, range, Sample.getClassSchema(), all, row -> consumer.accept(text(row, "sample_id"), row));
    }

    interface PromptConsumer {
        void accept(String promptId) throws IOException;
    }

    /** Reads the prompt ids of samples. */
    static void forEachPrompt(CommittedRows rows, StoredRows range, PromptConsumer consumer) throws IOException {
        forEach(
                rows,
                range,
                Sample.getClassSchema(),
                List.of("prompt_id"),
                row -> consumer.accept(text(row, "prompt_id")));
    }

    /** Reads the prompt ids of rejected attempts, judged or not. */
    static void forEachTriedPrompt(CommittedRows rows, StoredRows range, PromptConsumer consumer) throws IOException {
        forEach(rows, range, Rejection.getClassSchema(), List.of("prompt_id", "attempt"), row -> {
            if (row.get("attempt") != null) {
                consumer.accept(text(row, "prompt_id"));
            }
        });
    }

    private static void forEach(
            CommittedRows rows,
            StoredRows range,
            Schema schema,
            List<String> columns,
            CommittedRows.RowConsumer<GenericRecord> consumer)
            throws IOException {
        Path file = rows.local(range);
        try (ParquetReader<GenericRecord> reader = ProjectedReader.open(file, schema, columns)) {
            forEach(reader, range, consumer);
        }
        rows.discard(file);
    }

    /** Reads the ends of slots: their columns {@code terminal}, {@code outcome} and reasons. */
    static void forEachSlot(CommittedRows rows, StoredRows range, CommittedRows.RowConsumer<GenericRecord> consumer)
            throws IOException {
        forEach(rows, range, Rejection.getClassSchema(), SLOT_COLUMNS, consumer);
    }

    private static <R> void forEach(ParquetReader<R> reader, StoredRows range, CommittedRows.RowConsumer<R> consumer)
            throws IOException {
        long end = range.firstRow() + range.rows();
        for (long at = 0; at < end; at++) {
            R row = reader.read();
            if (row == null) {
                throw new IOException(range.file().key() + " ends after " + at + " rows; " + end + " were expected");
            }
            if (at >= range.firstRow()) {
                consumer.accept(row);
            }
        }
    }

    private static Sample sample(GenericRecord row) {
        GenericRecord dedup = (GenericRecord) row.get("dedup");
        GenericRecord seq = (GenericRecord) dedup.get("seq");
        GenericRecord source = (GenericRecord) row.get("source");
        Sample sample = new Sample();
        sample.setSampleId(text(row, "sample_id"));
        sample.setRunId(text(row, "run_id"));
        sample.setPromptId(text(row, "prompt_id"));
        sample.setSpecVersion(text(row, "spec_version"));
        sample.setSpecExcerptSha256(text(row, "spec_excerpt_sha256"));
        sample.setTools(optional(row, "tools"));
        sample.setMessages(keys((List<?>) row.get("messages")));
        sample.setJudgeMin((double) row.get("judge_min"));
        sample.setDedup(Dedup.newBuilder()
                .setContentHash(text(dedup, "content_hash"))
                .setBands(List.of())
                .setSeq(new Seq((long) seq.get("offset"), (int) seq.get("partition"), (int) seq.get("slot")))
                .build());
        Source from = new Source();
        from.setUri(text(source, "uri"));
        from.setName(optional(source, "name"));
        sample.setSource(from);
        return sample;
    }

    /** Messages with the keys that not every message has. */
    private static List<Message> keys(List<?> rows) {
        List<Message> messages = new ArrayList<>(rows.size());
        for (Object each : rows) {
            GenericRecord row = (GenericRecord) each;
            Message message = new Message();
            message.setToolCalls(optional(row, "tool_calls"));
            message.setToolCallId(optional(row, "tool_call_id"));
            message.setName(optional(row, "name"));
            messages.add(message);
        }
        return messages;
    }

    private static String text(GenericRecord row, String column) {
        return row.get(column).toString();
    }

    private static @Nullable String optional(GenericRecord row, String column) {
        Object value = row.get(column);
        return value == null ? null : value.toString();
    }
}

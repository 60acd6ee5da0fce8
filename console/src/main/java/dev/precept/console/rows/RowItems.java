package dev.precept.console.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.parquet.PickedRows;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Rows as they stand in a list: the index has most of it, and the beginnings of texts are read from the files. */
final class RowItems {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CHARACTERS = 200;
    private static final int FILES_AT_A_TIME = 4;
    private static final List<String> TEXTS =
            List.of("messages.role", "messages.content", "answer", "judge.score", "judge.reason");
    private static final List<String> SAMPLES = with("sample_id");
    private static final List<String> REJECTIONS = with("run_id", "slot_id", "attempt");

    private final RowIndex.State state;
    private final CommittedRows committed;

    RowItems(RowIndex.State state) {
        this.state = state;
        this.committed = state.committed().orElseThrow();
    }

    private static List<String> with(String... ids) {
        List<String> paths = new ArrayList<>(List.of(ids));
        paths.addAll(TEXTS);
        return List.copyOf(paths);
    }

    /** The items of some rows, in their order. */
    List<ObjectNode> read(List<RowIndex.Found> rows) throws IOException {
        Map<Segment, List<RowIndex.Found>> byFile = new LinkedHashMap<>();
        rows.forEach(row ->
                byFile.computeIfAbsent(row.segment(), _ -> new ArrayList<>()).add(row));
        Map<RowIndex.Found, ObjectNode> items = new ConcurrentHashMap<>();
        ParallelCalls.forEach(
                List.copyOf(byFile.entrySet()), FILES_AT_A_TIME, file -> read(file.getKey(), file.getValue(), items));
        return rows.stream().map(row -> Objects.requireNonNull(items.get(row))).toList();
    }

    private void read(Segment segment, List<RowIndex.Found> rows, Map<RowIndex.Found, ObjectNode> items)
            throws IOException {
        int[] ats = rows.stream().mapToInt(RowIndex.Found::at).sorted().toArray();
        int[] positions = Arrays.stream(ats).map(at -> segment.row[at]).toArray();
        List<GenericRecord> records = records(segment, positions);
        for (int i = 0; i < ats.length; i++) {
            items.put(new RowIndex.Found(segment, ats[i]), item(segment, ats[i], records.get(i)));
        }
    }

    private List<GenericRecord> records(Segment segment, int[] positions) throws IOException {
        try {
            return LocalFile.read(
                    committed,
                    segment.stored(),
                    file -> PickedRows.read(
                            file,
                            segment.hasSamples() ? Sample.getClassSchema() : Rejection.getClassSchema(),
                            segment.hasSamples() ? SAMPLES : REJECTIONS,
                            positions));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The id of a row of a data file. */
    static String id(boolean sample, GenericRecord row) {
        return sample
                ? String.valueOf(row.get("sample_id"))
                : SegmentReader.id(String.valueOf(row.get("run_id")), String.valueOf(row.get("slot_id")), (Integer)
                        row.get("attempt"));
    }

    /** @param row has the columns of a list, and any others */
    ObjectNode item(Segment segment, int at, GenericRecord row) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", id(segment.hasSamples(), row));
        json.put("outcome", RowOutcome.of(segment.outcome[at]).label());
        json.put("reason", orNull(state.columns().reasons.value(segment.reason[at])));
        json.put("prompt", beginning(prompt(segment.hasSamples(), row)));
        json.put("answer", beginning(text(row.get("answer"))));
        if (segment.lowest[at] == Segment.NO_SCORE) {
            json.putNull("lowest");
        } else {
            json.put("lowest", (double) segment.lowest[at] / Segment.TENTHS);
        }
        json.put("lowest_reason", beginning(lowestReason(row.get("judge"))));
        state.columns().categories.value(segment.category[at]).forEach(json.putArray("category")::add);
        json.put("style", orNull(state.columns().styles.value(segment.style[at])));
        json.put("repaired", (segment.findings[at] & RowFinding.REPAIRED.bit()) != 0);
        RowFinding.labels(segment.findings[at]).forEach(json.putArray("findings")::add);
        state.columns().clauses.value(segment.clauses[at]).forEach(json.putArray("clauses")::add);
        json.put("source", state.columns().sources.value(segment.source[at]));
        return json;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** The last turn of the user. */
    static String prompt(boolean sample, GenericRecord row) {
        if (!(row.get("messages") instanceof List<?> messages)) {
            return "";
        }
        String prompt = "";
        for (Object each : sample ? messages.subList(0, Math.max(0, messages.size() - 1)) : messages) {
            IndexedRecord message = (IndexedRecord) each;
            String content = text(value(message, "content"));
            if (text(value(message, "role")).equals("user") || prompt.isEmpty()) {
                prompt = content;
            }
        }
        return prompt;
    }

    private static String lowestReason(@Nullable Object votes) {
        String reason = "";
        double lowest = Double.MAX_VALUE;
        for (Object vote : votes instanceof List<?> list ? list : List.of()) {
            double score = (Double) Objects.requireNonNull(value((IndexedRecord) vote, "score"));
            if (score < lowest) {
                lowest = score;
                reason = text(value((IndexedRecord) vote, "reason"));
            }
        }
        return reason;
    }

    static @Nullable Object value(IndexedRecord row, String name) {
        return row.get(row.getSchema().getField(name).pos());
    }

    static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** No surrogate pair is divided. */
    static String beginning(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1)) ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
        return text.substring(0, end);
    }
}

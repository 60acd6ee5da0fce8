package dev.precept.console.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.specs.Specifications;
import dev.precept.dataset.parquet.PickedRows;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** One row with everything that is known of it: its attempts, what was sent, and what it resembles. */
final class RowDetail {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ATTEMPTS = 200;
    private static final int MOST_NEIGHBOURS = 20;

    private final RowIndex.State state;
    private final Specifications specifications;

    RowDetail(RowIndex.State state, Specifications specifications) {
        this.state = state;
        this.specifications = specifications;
    }

    /** A row with its columns. */
    record Loaded(RowIndex.Found place, GenericRecord row) {
        boolean isSample() {
            return place.segment().hasSamples();
        }

        String id() {
            return RowItems.id(isSample(), row);
        }

        /** Empty for a row without votes or without an answer. */
        boolean isJudged() {
            return place.segment().lowest[place.at()] != Segment.NO_SCORE
                    && !RowItems.text(row.get("answer")).isBlank();
        }
    }

    /** @throws ApiException if there is no such row */
    Loaded load(String id) throws ApiException, IOException, InterruptedException {
        for (Loaded loaded : load(RowIndex.find(state, id))) {
            if (loaded.id().equals(id)) {
                return loaded;
            }
        }
        throw ApiException.notFound(
                state.complete()
                        ? "there is no row with this id"
                        : "no row with this id has been read yet; " + state.read() + " of " + state.of()
                                + " files are read");
    }

    /** The rows of a file are read together. */
    private List<Loaded> load(List<RowIndex.Found> rows) throws IOException, InterruptedException {
        Map<Segment, List<RowIndex.Found>> byFile = new LinkedHashMap<>();
        rows.forEach(row ->
                byFile.computeIfAbsent(row.segment(), _ -> new ArrayList<>()).add(row));
        List<Loaded> loaded = new ArrayList<>();
        for (Map.Entry<Segment, List<RowIndex.Found>> file : byFile.entrySet()) {
            Segment segment = file.getKey();
            Schema schema = segment.hasSamples() ? Sample.getClassSchema() : Rejection.getClassSchema();
            List<String> all =
                    schema.getFields().stream().map(Schema.Field::name).toList();
            int[] positions = file.getValue().stream()
                    .mapToInt(row -> segment.row[row.at()])
                    .toArray(); // in order, as the index finds them
            List<GenericRecord> records = LocalFile.read(
                    state.committed().orElseThrow(),
                    segment.stored(),
                    local -> PickedRows.read(local, schema, all, positions));
            for (int i = 0; i < positions.length; i++) {
                loaded.add(new Loaded(file.getValue().get(i), records.get(i)));
            }
        }
        return loaded;
    }

    ObjectNode read(String id) throws ApiException, IOException, InterruptedException {
        Loaded loaded = load(id);
        GenericRecord row = loaded.row;
        Segment segment = loaded.place.segment();
        int at = loaded.place.at();
        RowTexts texts = new RowTexts(row, loaded.isSample());
        ObjectNode json = JSON.createObjectNode();
        json.put("id", id);
        json.put("outcome", RowOutcome.of(segment.outcome[at]).label());
        String reason = state.columns().reasons.value(segment.reason[at]);
        json.put("reason", reason.isEmpty() ? null : reason);
        json.put("detail", loaded.isSample() ? null : texts.orNull("detail"));
        json.put("can_be_corrected", loaded.isJudged());
        texts.put(json);
        Optional<Specifications.Stored> stored = specifications.find(texts.text("spec_version"));
        new RowCitations(stored, texts).put(json);
        json.set("sent", texts.sent(stored.map(Specifications.Stored::specification)));
        json.set("provenance", texts.provenance());
        ArrayNode attempts = json.putArray("attempts");
        for (Loaded attempt : attempts(loaded)) {
            attempts.add(attempt(attempt));
        }
        ArrayNode neighbours = json.putArray("neighbours");
        neighbour(row, reason).ifPresent(neighbours::add);
        for (Loaded near : load(RowIndex.near(state, id, MOST_NEIGHBOURS))) {
            neighbours.add(neighbour(near.place, "resembles this row", similarity(near.row)));
        }
        return json;
    }

    private static String slot(Loaded loaded) {
        GenericRecord row = loaded.row;
        return row.get("run_id") + "\n"
                + (loaded.isSample() ? row.get("prompt_id") + "#" + row.get("slot") : row.get("slot_id"));
    }

    /** The other attempts of its slot, in order. */
    private List<Loaded> attempts(Loaded of) throws IOException, InterruptedException {
        List<RowIndex.Found> others =
                RowIndex.ofPrompt(state, RowItems.text(of.row.get("prompt_id")), MOST_ATTEMPTS).stream()
                        .filter(found -> !found.segment().hasSamples() && !found.equals(of.place))
                        .toList();
        List<Loaded> attempts = new ArrayList<>();
        for (Loaded other : load(others)) {
            if (other.row.get("attempt") != null && slot(other).equals(slot(of))) {
                attempts.add(other);
            }
        }
        attempts.sort(Comparator.comparingInt(each -> (Integer) each.row.get("attempt")));
        return attempts;
    }

    private ObjectNode attempt(Loaded attempt) {
        RowTexts texts = new RowTexts(attempt.row, false);
        Segment segment = attempt.place.segment();
        int at = attempt.place.at();
        ObjectNode json = JSON.createObjectNode();
        json.put("id", attempt.id());
        json.put("number", (Integer) attempt.row.get("attempt"));
        json.put("repair", (segment.findings[at] & RowFinding.REPAIRED.bit()) != 0);
        json.put("reason", state.columns().reasons.value(segment.reason[at]));
        json.put("detail", texts.orNull("detail"));
        json.put("reasoning", texts.orNull("reasoning"));
        json.put("answer", texts.orNull("answer"));
        json.set("votes", texts.votes());
        return json;
    }

    /** What the row resembles. */
    private Optional<ObjectNode> neighbour(GenericRecord row, String reason) throws IOException {
        GenericRecord near = near(row);
        if (near == null) {
            return Optional.empty();
        }
        String id = RowItems.text(near.get("id"));
        List<RowIndex.Found> found = new ArrayList<>(RowIndex.find(state, id));
        if (found.isEmpty()) {
            found.addAll(RowIndex.ofPrompt(state, id, 1)); // a prompt, and not a sample
        }
        Double similarity = (Double) near.get("similarity");
        String kind = reason.equals("NEAR_DUPLICATE_PROMPT") ? "prompt" : "reasoning";
        return Optional.of(
                found.isEmpty()
                        ? JSON.createObjectNode()
                                .put("id", id)
                                .put("kind", kind)
                                .put("similarity", similarity)
                                .putNull("text")
                        : neighbour(found.getFirst(), kind, similarity));
    }

    private ObjectNode neighbour(RowIndex.Found found, String kind, @Nullable Double similarity) throws IOException {
        ObjectNode item = new RowItems(state).read(List.of(found)).getFirst();
        return JSON.createObjectNode()
                .put("id", item.path("id").textValue())
                .put("kind", kind)
                .put("similarity", similarity)
                .put("text", item.path("prompt").textValue());
    }

    private static @Nullable GenericRecord near(GenericRecord row) {
        return row.get("dedup") instanceof GenericRecord dedup ? (GenericRecord) dedup.get("near") : null;
    }

    private static @Nullable Double similarity(GenericRecord row) {
        GenericRecord near = near(row);
        return near == null ? null : (Double) near.get("similarity");
    }
}

package dev.precept.console.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.spec.Excerpt;
import dev.precept.spec.Specification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** What one row of a data file holds, as JSON. Samples and rejections have the same names. */
final class RowTexts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PROVENANCE = List.of(
            "run_id", "prompt_id", "slot_id", "slot", "attempt", "spec_version", "spec_excerpt_sha256", "side_info");

    private final GenericRecord row;
    private final boolean isSample;

    RowTexts(GenericRecord row, boolean isSample) {
        this.row = row;
        this.isSample = isSample;
    }

    String text(String column) {
        return row.getSchema().getField(column) == null ? "" : RowItems.text(row.get(column));
    }

    @Nullable
    String orNull(String column) {
        return text(column).isEmpty() ? null : text(column);
    }

    List<String> categories() {
        return list(row, "category").stream().map(String::valueOf).toList();
    }

    /** The texts and the votes. */
    void put(ObjectNode json) {
        ArrayNode turns = json.putArray("conversation");
        for (GenericRecord turn : conversation()) {
            turns.addObject()
                    .put("role", RowItems.text(turn.get("role")))
                    .put("content", textOf(turn, "content"))
                    .put("reasoning", textOf(turn, "reasoning_content"))
                    .put("tool_calls", textOf(turn, "tool_calls"));
        }
        json.put("tools", orNull("tools"));
        json.put("reasoning", orNull("reasoning"));
        json.put("answer", orNull("answer"));
        List<GenericRecord> messages = records(row, "messages");
        json.put("tool_calls", isSample && !messages.isEmpty() ? textOf(messages.getLast(), "tool_calls") : null);
        categories().forEach(json.putArray("category")::add);
        json.put("style", style(row.get("response_style")));
        json.put("spec_version", orNull("spec_version"));
        json.put("audited", Boolean.TRUE.equals(row.get("audited")));
        json.put("invalid_reply", orNull("invalid_reply"));
        json.set("votes", votes());
        findings(json.putArray("findings"));
    }

    /** The turns of the prompt. */
    List<GenericRecord> conversation() {
        List<GenericRecord> messages = records(row, "messages");
        return isSample && !messages.isEmpty() ? messages.subList(0, messages.size() - 1) : messages;
    }

    ArrayNode votes() {
        ArrayNode votes = JSON.createArrayNode();
        for (GenericRecord vote : records(row, "judge")) {
            ObjectNode json = votes.addObject();
            json.put("score", (Double) vote.get("score"));
            json.put("model", RowItems.text(vote.get("model")));
            json.put("style", style(vote.get("response_style")));
            json.put("agree", (Boolean) vote.get("agree"));
            ObjectNode criteria = json.putObject("criteria");
            if (vote.get("criteria") instanceof Map<?, ?> scores) {
                scores.forEach((name, score) -> criteria.put(String.valueOf(name), (Double) score));
            }
            json.put("reason", RowItems.text(vote.get("reason")));
        }
        return votes;
    }

    private static @Nullable String style(@Nullable Object style) {
        return style == null ? null : style.toString().toLowerCase(Locale.ROOT);
    }

    Optional<GenericRecord> findings() {
        return Optional.ofNullable((GenericRecord) row.get("findings"));
    }

    private void findings(ArrayNode json) {
        findings().ifPresent(findings -> {
            for (String kind : List.of("leaks", "personal")) {
                for (GenericRecord each : records(findings, kind)) {
                    json.addObject()
                            .put("kind", RowItems.text(each.get("kind")))
                            .put("part", RowItems.text(each.get("part")))
                            .put("count", (Integer) each.get("count"));
                }
            }
            if (Boolean.TRUE.equals(findings.get("hard_refusal"))) {
                json.addObject()
                        .put("kind", RowFinding.HARD_REFUSAL.label())
                        .put("part", "answer")
                        .put("count", 1);
            }
        });
    }

    /** What the model got, as far as it is stored. */
    ObjectNode sent(Optional<Specification> specification) {
        ObjectNode json = JSON.createObjectNode();
        if (row.get("generator") instanceof GenericRecord generator) {
            json.put("template", RowItems.text(generator.get("template")));
            json.put("model", RowItems.text(generator.get("model")));
            json.put("endpoint", textOf(generator, "endpoint"));
            json.put("seed", String.valueOf(generator.get("seed"))); // a number of JavaScript is too short
            json.put("finish_reason", textOf(generator, "finish_reason"));
            json.put("params", textOf(generator, "params"));
            json.put("usd", (Double) generator.get("cost_usd"));
            GenericRecord usage = (GenericRecord) generator.get("usage");
            json.put("prompt_tokens", (Long) usage.get("prompt_tokens"));
            json.put("cached_tokens", (Long) usage.get("cached_tokens"));
            json.put("completion_tokens", (Long) usage.get("completion_tokens"));
            json.put("reasoning_tokens", (Long) usage.get("reasoning_tokens"));
        }
        json.put("excerpt", specification.flatMap(this::excerpt).orElse(null));
        return json;
    }

    /** The excerpt, if the specification still gives the one that was sent. */
    private Optional<String> excerpt(Specification specification) {
        List<String> categories = categories();
        if (!specification.unknownCategories(categories).isEmpty()) {
            return Optional.empty();
        }
        Excerpt excerpt = specification.excerpt(categories);
        return excerpt.sha256().equals(text("spec_excerpt_sha256")) ? Optional.of(excerpt.text()) : Optional.empty();
    }

    ObjectNode provenance() {
        ObjectNode json = JSON.createObjectNode();
        PROVENANCE.forEach(column -> json.put(column, orNull(column)));
        GenericRecord source = (GenericRecord) row.get("source");
        json.put("source_file", textOf(source, "uri"));
        json.put("source_id", textOf(source, "id"));
        json.put("source_line", (Long) source.get("line"));
        json.put("source_name", textOf(source, "name"));
        json.put("license", textOf(source, "license"));
        json.put("stage", orNull("stage"));
        Object created = row.get("created_at");
        json.put(
                "created_at",
                created == null
                        ? null
                        : (created instanceof Long millis ? Instant.ofEpochMilli(millis) : created).toString());
        if (row.get("dedup") instanceof GenericRecord dedup) {
            json.put("content_hash", textOf(dedup, "content_hash"));
        }
        return json;
    }

    static List<GenericRecord> records(GenericRecord of, String name) {
        return list(of, name).stream().map(GenericRecord.class::cast).toList();
    }

    static List<Object> list(GenericRecord of, String name) {
        return of.getSchema().getField(name) != null && of.get(name) instanceof List<?> list
                ? new ArrayList<>(list)
                : List.of();
    }

    static @Nullable String textOf(GenericRecord of, String name) {
        String text = RowItems.text(of.get(name));
        return text.isEmpty() ? null : text;
    }
}

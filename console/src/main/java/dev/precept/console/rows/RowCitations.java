package dev.precept.console.rows;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.specs.Specifications;
import dev.precept.spec.Clause;
import dev.precept.spec.citation.CitationReport;
import dev.precept.spec.citation.CitedSpan;
import dev.precept.text.SearchedText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;

/** What the reasoning of a row cites, with places in its text. Read again with the specification that the dataset stores. */
final class RowCitations {
    private final Optional<Specifications.Stored> stored;
    private final RowTexts texts;

    RowCitations(Optional<Specifications.Stored> stored, RowTexts texts) {
        this.stored = stored;
        this.texts = texts;
    }

    /** Offsets are those of UTF-16, as JavaScript counts. */
    void put(ObjectNode json) {
        ArrayNode spans = json.putArray("citations");
        ArrayNode clauses = json.putArray("clauses");
        String reasoning = texts.text("reasoning");
        if (stored.isEmpty() || reasoning.isEmpty()) {
            return;
        }
        SearchedText read = SearchedText.of(reasoning);
        SearchedText conversation = SearchedText.of(texts.conversation().stream()
                .map(turn -> RowItems.text(turn.get("content")))
                .collect(Collectors.joining("\n\n")));
        String version = stored.get().specification().version();
        for (CitedSpan span : stored.get().citations().locate(read, conversation)) {
            spans.addObject()
                    .put("start", span.start())
                    .put("end", span.end())
                    .put("form", span.form().label())
                    .put("clause", span.clause().orElse(null))
                    .put("spec", version);
        }
        Optional<GenericRecord> findings = texts.findings().map(found -> (GenericRecord) found.get("citations"));
        if (findings.isPresent()) {
            RowTexts.records(findings.get(), "cited")
                    .forEach(each -> clause(
                            clauses.addObject(),
                            RowItems.text(each.get("clause")),
                            RowTexts.list(each, "forms").stream()
                                    .map(String::valueOf)
                                    .toList(),
                            (Integer) each.get("count"),
                            RowItems.text(each.get("place"))));
            return;
        }
        for (CitationReport.Cited each : stored.get()
                .citations()
                .read(read, conversation, texts.categories())
                .cited()) {
            clause(
                    clauses.addObject(),
                    each.clause(),
                    each.forms().stream().map(CitationReport.Form::label).toList(),
                    each.count(),
                    each.place().label());
        }
    }

    private void clause(ObjectNode json, String id, List<String> forms, int count, String place) {
        json.put("id", id);
        json.put(
                "heading",
                stored.flatMap(known -> known.specification().clause(id))
                        .map(Clause::heading)
                        .orElse(null));
        forms.forEach(json.putArray("forms")::add);
        json.put("count", count).put("place", place);
    }
}

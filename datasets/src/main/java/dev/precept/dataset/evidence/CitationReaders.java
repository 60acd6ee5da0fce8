package dev.precept.dataset.evidence;

import dev.precept.spec.citation.CitationReader;
import dev.precept.text.SearchedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what reasoning cites, with the stored specifications. Thread-safe. */
final class CitationReaders {
    private static final List<String> TEXTS = List.of("content", "reasoning_content", "tool_calls");

    private final StoredSpecifications specifications;
    private final Map<String, Optional<CitationReader>> readers = new HashMap<>();

    CitationReaders(StoredSpecifications specifications) {
        this.specifications = specifications;
    }

    /**
     * Reads the reasoning of a sample again, as the worker did that generated it. Where its specification is not stored, what
     * the row holds counts; null if the screen was off.
     */
    @Nullable
    CitationFacts read(Row sample) throws IOException {
        CitationFacts stored = CitationFacts.of(sample);
        if (stored == null) {
            return null;
        }
        Optional<CitationReader> reader = reader(sample.requireText("spec_version"));
        return reader.isEmpty()
                ? stored
                : CitationFacts.of(reader.get()
                        .read(
                                SearchedText.of(Objects.requireNonNullElse(sample.text("reasoning"), "")),
                                SearchedText.of(conversation(sample)),
                                sample.texts("category")));
    }

    private synchronized Optional<CitationReader> reader(String version) throws IOException {
        Optional<CitationReader> known = readers.get(version);
        if (known == null) {
            known = specifications.specification(version).map(CitationReader::new);
            readers.put(version, known);
        }
        return known;
    }

    /** The texts of all turns but the last, which is the sample's own. */
    private static String conversation(Row sample) {
        List<Row> turns = Objects.requireNonNullElse(sample.rows("messages"), List.of());
        List<String> texts = new ArrayList<>();
        for (Row turn : turns.subList(0, Math.max(0, turns.size() - 1))) {
            for (String name : TEXTS) {
                String text = turn.text(name);
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return String.join("\n\n", texts);
    }
}

package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes one excerpt. A clause is written once, where it is first listed; a clause nested in another listed clause is
 * written only there.
 */
final class ExcerptWriter {
    private final Map<String, Clause> clauses;
    private final Map<String, List<String>> nested;
    private final List<String> blocks = new ArrayList<>();
    private final Set<String> written = new LinkedHashSet<>();

    /** @param nested ids of the clauses nested in each clause, in order */
    ExcerptWriter(Map<String, Clause> clauses, Map<String, List<String>> nested) {
        this.clauses = clauses;
        this.nested = nested;
    }

    Excerpt compose(Index index, List<Index.Category> details) {
        Set<String> within = new LinkedHashSet<>();
        index.principles().forEach(id -> within.addAll(nested(id)));
        details.forEach(category -> category.clauses().forEach(id -> within.addAll(nested(id))));

        blocks.add("# Categories");
        blocks.add(index.categories().stream()
                .map(category -> "- " + category.name() + ": " + category.summary())
                .collect(Collectors.joining("\n")));
        if (!index.principles().isEmpty()) {
            section("Style and helpfulness", index.principles(), within);
        }
        details.forEach(category -> section(category.name(), category.clauses(), within));

        String text = String.join("\n\n", blocks);
        return new Excerpt(
                text,
                Sha256.hex(text),
                List.copyOf(written),
                details.stream().map(Index.Category::name).toList());
    }

    private void section(String title, List<String> ids, Set<String> within) {
        blocks.add("# " + title);
        List<String> elsewhere = new ArrayList<>();
        for (String id : ids) {
            if (within.contains(id) || !written.add(id)) {
                elsewhere.add("[" + id + "]");
            } else {
                blocks.add(Markdown.parse(clause(id).text()).withoutAttributes());
                written.addAll(nested(id));
            }
        }
        if (!elsewhere.isEmpty()) {
            blocks.add("These belong here too, and stand in full in another place: " + String.join(", ", elsewhere));
        }
    }

    private List<String> nested(String id) {
        return nested.getOrDefault(id, List.of());
    }

    private Clause clause(String id) {
        Clause clause = clauses.get(id);
        if (clause == null) {
            throw new IllegalStateException("the index lists clause '" + id + "', which does not exist");
        }
        return clause;
    }
}

package dev.precept.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A completed purge or compaction, {@code rewrites/done/<number>.json}.
 *
 * @param ranges where rows are now
 * @param rows rows that a purge deleted
 * @param versions versions that a purge deleted, with their replacements; empty if no row of a version remained
 */
public record Rewrite(RewritePlan plan, List<FileRange> ranges, long rows, Map<String, Optional<String>> versions) {
    public Rewrite {
        ranges = List.copyOf(ranges);
        versions = Map.copyOf(versions);
    }

    public ObjectNode json() {
        ObjectNode json = plan.json().put("rows", rows);
        ranges.forEach(range -> json.withArray("ranges").add(range.json()));
        versions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(version -> json.withArray("versions")
                        .addObject()
                        .put("version", version.getKey())
                        .put("instead", version.getValue().orElse(null)));
        return json;
    }

    /** Reads what {@link #json} wrote. */
    static Rewrite read(JsonMembers json) throws InvalidDocumentException {
        Map<String, Optional<String>> versions = new HashMap<>();
        for (JsonMembers version : json.optionalList("versions", each -> each)) {
            versions.put(
                    version.text("version"),
                    version.json().path("instead").isNull() ? Optional.empty() : version.optionalText("instead"));
        }
        return new Rewrite(
                RewritePlan.read(json), json.optionalList("ranges", FileRange::read), json.count("rows"), versions);
    }
}

package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which rows of which file are those of a commit, by the records of the rewrites that are done. */
final class CurrentFiles {
    private final StoredFiles files;
    private final Map<Long, Rows> rewritten = new HashMap<>();

    /** @param end the row after the last one; -1 for all that the file has */
    private record Rows(String file, long first, long end) {}

    CurrentFiles(StoredFiles files, String chain) {
        this.files = files;
        for (String key : files.list("rewrites/done/")) {
            for (JsonNode range : files.json(key).path("ranges")) {
                String rangeChain = range.path("topic").asText() + "-"
                        + range.path("topic_id").asText() + "-"
                        + range.path("partition").asInt();
                if (rangeChain.equals(chain)) {
                    add(range);
                }
            }
        }
    }

    private void add(JsonNode range) {
        String file = range.path("file").path("key").asText();
        List<JsonNode> commits = new ArrayList<>();
        range.path("commits").forEach(commits::add);
        for (int i = 0; i < commits.size(); i++) {
            long end = i + 1 < commits.size() ? commits.get(i + 1).get(1).asLong() : -1;
            rewritten.put(
                    commits.get(i).get(0).asLong(),
                    new Rows(file, commits.get(i).get(1).asLong(), end));
        }
    }

    /** The ids of the rows of a commit, in order. */
    List<String> idsOf(JsonNode commit) {
        Rows rows = rewritten.get(commit.path("from").asLong());
        String file = rows == null ? commit.path("data").asText("") : rows.file;
        if (file.isEmpty() || file.equals("null")) {
            return List.of();
        }
        List<String> ids = files.find(file)
                .orElseThrow(() -> new AssertionError(file + " is missing, which has the rows of a commit: " + commit))
                .ids();
        if (rows == null) {
            return ids;
        }
        return ids.subList(Math.toIntExact(rows.first), rows.end < 0 ? ids.size() : Math.toIntExact(rows.end));
    }
}

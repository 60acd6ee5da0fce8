package dev.precept.prompts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.runtime.WorkFolder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Checkpoint in the work folder: when the run was opened, the sources whose rows and end markers are all acknowledged, and
 * the acknowledged rows of the next one. Each update replaces the file atomically; after a crash before the update the rows
 * since the former one are sent again.
 */
final class PublishCheckpoint {
    private static final String NAME = "published";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkFolder work;
    private final String runId;
    private final Instant openedAt;
    private final Set<String> sources;
    private String current = "";
    private long rows;
    private boolean resumed;

    private PublishCheckpoint(WorkFolder work, String runId, Instant openedAt, Set<String> sources) {
        this.work = work;
        this.runId = runId;
        this.openedAt = openedAt;
        this.sources = sources;
    }

    /** Loads the checkpoint of a run; creates it if there is none or if it belongs to another run. */
    static PublishCheckpoint loadOrCreate(WorkFolder work, String runId, InstantSource clock) {
        return work.read(NAME)
                .map(text -> parse(work, text))
                .filter(checkpoint -> checkpoint.runId.equals(runId))
                .orElseGet(() -> {
                    PublishCheckpoint created =
                            new PublishCheckpoint(work, runId, clock.instant(), new LinkedHashSet<>());
                    created.write();
                    return created;
                });
    }

    boolean isPublished(PromptSource source) {
        return sources.contains(source.name());
    }

    void markPublished(PromptSource source) {
        sources.add(source.name());
        current = "";
        rows = 0;
        write();
    }

    /** The rows of a source, from its first on, that are acknowledged. */
    long publishedRows(PromptSource source) {
        return isPublished(source) ? source.selectedRows() : source.name().equals(current) ? rows : 0;
    }

    /** @param acknowledged rows of the source, from its first on */
    void markRows(PromptSource source, long acknowledged) {
        current = source.name();
        rows = acknowledged;
        write();
    }

    /** Whether an earlier process may have published rows. */
    boolean isResumed() {
        return resumed;
    }

    Instant openedAt() {
        return openedAt;
    }

    private void write() {
        ObjectNode json = JSON.createObjectNode();
        json.put("run_id", runId);
        json.put("opened_at", openedAt.toString());
        json.set("sources", JSON.valueToTree(sources));
        if (rows > 0) {
            json.put("current", current).put("rows", rows);
        }
        work.write(NAME, json.toPrettyString() + "\n");
    }

    private static PublishCheckpoint parse(WorkFolder work, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            Set<String> sources = new LinkedHashSet<>();
            json.required("sources").forEach(name -> sources.add(name.textValue()));
            PublishCheckpoint checkpoint = new PublishCheckpoint(
                    work,
                    json.required("run_id").textValue(),
                    Instant.parse(json.required("opened_at").textValue()),
                    sources);
            checkpoint.current = json.path("current").asText("");
            checkpoint.rows = json.path("rows").asLong(0);
            checkpoint.resumed = true;
            return checkpoint;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    work.resolve(NAME) + ": not a valid checkpoint; delete it to send all sources again", e);
        }
    }
}

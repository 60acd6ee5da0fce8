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
 * The work folder's note of what the log already has: when the run was opened, and every source whose prompts and end
 * markers are all acknowledged. Written whole each time, so a crash leaves the old note, and its source is sent again.
 */
final class PublishCheckpoint {
    private static final String NAME = "published";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkFolder work;
    private final String runId;
    private final Instant openedAt;
    private final Set<String> sources;

    private PublishCheckpoint(WorkFolder work, String runId, Instant openedAt, Set<String> sources) {
        this.work = work;
        this.runId = runId;
        this.openedAt = openedAt;
        this.sources = sources;
    }

    /** The note of a run; a new one where there is none, or where it is of another run. */
    static PublishCheckpoint loadOrCreate(WorkFolder work, String runId, InstantSource clock) {
        return work.read(NAME)
                .map(text -> parse(work, text))
                .filter(note -> note.runId.equals(runId))
                .orElseGet(() -> {
                    PublishCheckpoint note = new PublishCheckpoint(work, runId, clock.instant(), new LinkedHashSet<>());
                    note.write();
                    return note;
                });
    }

    boolean isPublished(PromptSource source) {
        return sources.contains(source.name());
    }

    void markPublished(PromptSource source) {
        sources.add(source.name());
        write();
    }

    Instant openedAt() {
        return openedAt;
    }

    private void write() {
        ObjectNode json = JSON.createObjectNode();
        json.put("run_id", runId);
        json.put("opened_at", openedAt.toString());
        json.set("sources", JSON.valueToTree(sources));
        work.write(NAME, json.toPrettyString() + "\n");
    }

    private static PublishCheckpoint parse(WorkFolder work, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            Set<String> sources = new LinkedHashSet<>();
            json.required("sources").forEach(name -> sources.add(name.textValue()));
            return new PublishCheckpoint(
                    work,
                    json.required("run_id").textValue(),
                    Instant.parse(json.required("opened_at").textValue()),
                    sources);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    work.resolve(NAME) + ": not a note of published sources; delete it, and they are sent again", e);
        }
    }
}

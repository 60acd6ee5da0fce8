package dev.precept.dataset.removal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every text that stands in a document of a dataset: what is named there has a place, whatever kind of document it is. A
 * document is every key but data, shards, answers of models and specifications.
 */
final class ReferencedKeys {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NO_DOCUMENTS = List.of("data/", "cache/", "specs/", ".probe-");
    private static final String MANIFEST = "/manifest.json";
    /** Of a document that is no JSON but a name, such as that of a version. */
    private static final int MOST_PLAIN_BYTES = 128;

    private final Set<String> texts = new HashSet<>();
    private final Map<String, Long> heads = new HashMap<>();
    private final Map<String, Set<String>> completed = new HashMap<>();

    /**
     * Reads all documents there are.
     *
     * @throws OrphanFiles.UnreadableDocumentException if a commit or a manifest cannot be read
     */
    static ReferencedKeys scan(ObjectStore store) throws IOException {
        ReferencedKeys referencedKeys = new ReferencedKeys();
        for (String key : store.list("")) {
            if (NO_DOCUMENTS.stream().noneMatch(key::startsWith)
                    && (!key.startsWith("releases/") || key.endsWith(MANIFEST))) {
                Optional<byte[]> document = store.read(key);
                if (document.isPresent()) {
                    referencedKeys.read(key, document.get());
                }
            }
        }
        return referencedKeys;
    }

    private void read(String key, byte[] document) throws IOException {
        if (document.length <= MOST_PLAIN_BYTES) {
            texts.add(new String(document, StandardCharsets.UTF_8).strip());
        }
        JsonNode json;
        try {
            json = JSON.readTree(document);
        } catch (JsonProcessingException e) {
            json = MissingNode.getInstance();
        }
        if (json.path(key.startsWith("log/") ? "to" : "version").isMissingNode()
                && (key.startsWith("log/") || key.endsWith(MANIFEST))) {
            throw new OrphanFiles.UnreadableDocumentException(
                    key + " cannot be read, and may name what would be removed");
        }
        texts(json);
        if (key.startsWith("log/")) {
            String chain = key.substring("log/".length(), key.lastIndexOf('/') + 1);
            heads.merge(chain, json.path("to").asLong(), Math::max);
            json.path("completed_runs")
                    .forEach(run -> completed
                            .computeIfAbsent(chain, fresh -> new HashSet<>())
                            .add(run.asText()));
        } else if (key.endsWith(MANIFEST)) {
            texts.add(key.split("/")[1]);
        }
    }

    private void texts(JsonNode json) {
        if (json.isTextual()) {
            texts.add(json.textValue());
        }
        json.forEach(this::texts);
    }

    /** Whether a key or a version is named, or the version is whole. */
    boolean contains(String text) {
        return texts.contains(text);
    }

    /** Where the next commit of a chain would begin. */
    long chainEnd(String chain) {
        return heads.getOrDefault(chain, 0L);
    }

    boolean isCompleted(String chain, String runId) {
        return completed.getOrDefault(chain, Set.of()).contains(runId);
    }
}

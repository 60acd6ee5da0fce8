package dev.precept.dataset.removal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All JSON strings in the documents of a dataset: a key that occurs in a document is referenced, whatever the document is.
 * Data, shards, cached replies and specifications are not documents.
 */
final class ReferencedKeys {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A document that is plain text, such as the name of a version, is not longer. */
    private static final int MOST_PLAIN_BYTES = 128;

    private final Set<String> texts = new HashSet<>();
    private final Map<ChainId, Long> heads = new HashMap<>();
    private final Map<ChainId, Set<String>> completed = new HashMap<>();

    /**
     * Reads all documents of a store.
     *
     * @throws OrphanFiles.UnreadableDocumentException if a commit or a manifest cannot be read
     */
    static ReferencedKeys scan(ObjectStore store) throws IOException {
        ReferencedKeys referencedKeys = new ReferencedKeys();
        for (String key : store.list("")) {
            if (isDocument(key)) {
                Optional<byte[]> document = store.read(key);
                if (document.isPresent()) {
                    referencedKeys.read(key, document.get());
                }
            }
        }
        return referencedKeys;
    }

    private static boolean isDocument(String key) {
        return switch (Layout.kindOf(key)) {
            case DATA, CACHE, SPECIFICATION, PROBE, STAGED, PLAN -> false;
            case RELEASE -> isManifest(key);
            case IDENTITY, COMMIT, RUN, REF, WITHDRAWAL, PURGE, AUDIT, UNKNOWN -> true;
        };
    }

    private static boolean isManifest(String key) {
        return Layout.parseRelease(key).filter(Layout.ReleaseFile::isManifest).isPresent();
    }

    private void read(String key, byte[] document) throws IOException {
        try {
            if (Layout.kindOf(key) == Layout.Kind.COMMIT) {
                readCommit(Commit.read(key, document));
            } else if (isManifest(key)) {
                readManifest(key, document);
            }
        } catch (StoreException.Corrupt | InvalidDocumentException e) {
            throw new OrphanFiles.UnreadableDocumentException(
                    key + " cannot be read, and may name files that would be deleted", e);
        }
        if (document.length <= MOST_PLAIN_BYTES) {
            texts.add(new String(document, StandardCharsets.UTF_8).strip());
        }
        try {
            texts(JSON.readTree(document));
        } catch (JsonProcessingException e) {
            // Not JSON: only the whole text can be a reference.
        }
    }

    private void readCommit(Commit commit) {
        ChainId chain = new ChainId(commit.topic(), commit.topicId(), commit.partition());
        heads.merge(chain, commit.to(), Math::max);
        completed.computeIfAbsent(chain, fresh -> new HashSet<>()).addAll(commit.completed());
    }

    private void readManifest(String key, byte[] document) throws InvalidDocumentException {
        texts.add(Manifest.read(document).version());
        Layout.parseRelease(key).ifPresent(file -> texts.add(file.version()));
    }

    private void texts(JsonNode json) {
        if (json.isTextual()) {
            texts.add(json.textValue());
        }
        json.forEach(this::texts);
    }

    /** Whether a key or a version is referenced, or the version has a manifest. */
    boolean contains(String text) {
        return texts.contains(text);
    }

    /** Where the next commit of a chain would start. */
    long chainEnd(ChainId chain) {
        return heads.getOrDefault(chain, 0L);
    }

    boolean isCompleted(ChainId chain, String runId) {
        return completed.getOrDefault(chain, Set.of()).contains(runId);
    }
}

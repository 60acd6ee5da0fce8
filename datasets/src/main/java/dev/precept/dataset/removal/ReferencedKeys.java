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
import dev.precept.store.ObjectStore.ObjectInfo;
import dev.precept.store.ParallelCalls;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The commits of a dataset, and all JSON strings in its other documents: a key that occurs in a document is referenced,
 * whatever the document is. Data, shards, cached replies, specifications and evaluation sets are not documents, and rewrites and release
 * plans are read as what they are.
 */
final class ReferencedKeys {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A document that is plain text, such as the name of a version, is not longer. */
    private static final int MOST_PLAIN_BYTES = 128;

    private final Set<String> texts = new HashSet<>();
    private final Set<String> versions = new HashSet<>();
    private final Map<ChainId, List<Commit>> commits = new HashMap<>();
    /** The offset up to which a version has the commits of a chain. */
    private final Map<ChainId, Long> released = new HashMap<>();

    /** @param document what was read; empty if it was deleted meanwhile */
    private record Read(String key, Optional<byte[]> document) {}

    /**
     * Reads all documents of a store.
     *
     * @throws OrphanFiles.UnreadableDocumentException if a commit or a manifest cannot be read
     */
    static ReferencedKeys scan(ObjectStore store) throws IOException {
        List<String> documents = DatasetKeys.list(store).stream()
                .map(ObjectInfo::key)
                .filter(ReferencedKeys::isDocument)
                .toList();
        ReferencedKeys referencedKeys = new ReferencedKeys();
        // Keys are sorted, so the commits of a chain are in order.
        for (Read each :
                ParallelCalls.map(documents, ParallelCalls.SMALL_OBJECTS, key -> new Read(key, store.read(key)))) {
            if (each.document.isPresent()) {
                referencedKeys.read(each.key, each.document.get());
            }
        }
        for (List<Commit> chain : referencedKeys.commits.values()) {
            requireContiguous(chain);
        }
        referencedKeys.requireReleased();
        return referencedKeys;
    }

    private void requireReleased() throws OrphanFiles.UnreadableDocumentException {
        for (Map.Entry<ChainId, Long> each : released.entrySet()) {
            List<Commit> chain = commits.getOrDefault(each.getKey(), List.of());
            long end = chain.isEmpty() ? 0 : chain.getLast().to();
            if (end < each.getValue()) {
                throw missing(each.getKey().commitKey(end));
            }
        }
    }

    /** Behind a missing commit, data that it named would look unused. */
    private static void requireContiguous(List<Commit> chain) throws OrphanFiles.UnreadableDocumentException {
        long next = 0;
        for (Commit commit : chain) {
            if (commit.from() != next) {
                throw missing(new ChainId(commit.topic(), commit.topicId(), commit.partition()).commitKey(next));
            }
            next = commit.to();
        }
    }

    private static OrphanFiles.UnreadableDocumentException missing(String commit) {
        return new OrphanFiles.UnreadableDocumentException(
                commit + " is missing, and named files that would be deleted; put it back from a backup",
                new StoreException.Corrupt(commit));
    }

    private static boolean isDocument(String key) {
        return switch (Layout.kindOf(key)) {
            case DATA,
                    CHECKPOINT,
                    CACHE,
                    SPECIFICATION,
                    TEMPLATE,
                    EVALUATION,
                    GATE,
                    PROBE,
                    STAGED,
                    PLAN,
                    REWRITE,
                    CALIBRATION -> false;
            case RELEASE -> isManifest(key);
            case IDENTITY, COMMIT, RUN, REF, WITHDRAWAL, AUDIT, UNKNOWN -> true;
        };
    }

    private static boolean isManifest(String key) {
        return Layout.parseRelease(key).filter(Layout.ReleaseFile::isManifest).isPresent();
    }

    private void read(String key, byte[] document) throws IOException {
        try {
            if (ChainId.parseCommitKey(key).isPresent()) {
                Commit commit = Commit.read(key, document);
                ChainId chain = new ChainId(commit.topic(), commit.topicId(), commit.partition());
                commits.computeIfAbsent(chain, first -> new ArrayList<>()).add(commit);
                return;
            } else if (isManifest(key)) {
                Manifest manifest = Manifest.read(document);
                versions.add(manifest.version());
                manifest.offsets().forEach(end -> released.merge(end.chain(), end.to(), Math::max));
                manifest.from().ifPresent(versions::add);
                Layout.parseRelease(key).ifPresent(file -> versions.add(file.version()));
            }
        } catch (StoreException.Corrupt | InvalidDocumentException e) {
            throw new OrphanFiles.UnreadableDocumentException(
                    key + " cannot be read, and may name files that would be deleted", e);
        }
        Set<String> found = new HashSet<>();
        if (document.length <= MOST_PLAIN_BYTES) {
            found.add(new String(document, StandardCharsets.UTF_8).strip());
        }
        try {
            texts(JSON.readTree(document), found);
        } catch (JsonProcessingException e) {
            // Not JSON: only the whole text can be a reference.
        }
        texts.addAll(found);
        if (Layout.kindOf(key) == Layout.Kind.REF) {
            versions.addAll(found);
        }
    }

    private static void texts(JsonNode json, Set<String> texts) {
        if (json.isTextual()) {
            texts.add(json.textValue());
        }
        json.forEach(each -> texts(each, texts));
    }

    /** Whether a document that is no commit names a key. */
    boolean contains(String key) {
        return texts.contains(key);
    }

    /** Whether a version has a manifest, a ref names it, or another version was made from it. */
    boolean containsVersion(String version) {
        return versions.contains(version);
    }

    /** The commits by chain, in order. */
    Map<ChainId, List<Commit>> commits() {
        return commits;
    }
}

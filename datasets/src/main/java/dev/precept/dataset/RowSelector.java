package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.util.Set;
import java.util.TreeSet;

/** Selects rows to withdraw or purge: by specification version, source or sample id. */
public sealed interface RowSelector {
    /** All rows generated under one version of the specification. */
    record BySpecVersion(String hash) implements RowSelector {}

    /** All rows from the prompts of one source: the source name in the rows, or the file name in the recipe. */
    record BySource(String name) implements RowSelector {}

    /**
     * These samples and their exact duplicates.
     *
     * @param contents content hashes of the samples, so that no duplicate replaces them
     */
    record BySample(Set<String> ids, Set<String> contents) implements RowSelector {
        public BySample {
            ids = Set.copyOf(ids);
            contents = Set.copyOf(contents);
        }
    }

    /** Whether the selector matches a sample. */
    default boolean matches(Sample sample) {
        return switch (this) {
            case BySpecVersion(String hash) -> hash.equals(sample.getSpecVersion());
            case BySource(String name) ->
                name.equals(sample.getSource().getName())
                        || name.equals(sample.getSource().getUri());
            case BySample(Set<String> ids, Set<String> contents) ->
                ids.contains(sample.getSampleId())
                        || contents.contains(sample.getDedup().getContentHash());
        };
    }

    /** Whether the selector matches a rejected attempt or slot. */
    default boolean matches(Rejection rejection) {
        return switch (this) {
            case BySpecVersion(String hash) -> hash.equals(rejection.getSpecVersion());
            case BySource(String name) ->
                name.equals(rejection.getSource().getName())
                        || name.equals(rejection.getSource().getUri());
            case BySample(Set<String> ids, Set<String> contents) ->
                RejectedAttempts.sampleId(rejection).filter(ids::contains).isPresent()
                        || RejectedAttempts.contentHash(rejection)
                                .filter(contents::contains)
                                .isPresent();
        };
    }

    /** Whether no row can match. */
    default boolean isEmpty() {
        return switch (this) {
            case BySpecVersion(String hash) -> hash.isEmpty();
            case BySource(String name) -> name.isEmpty();
            case BySample(Set<String> ids, Set<String> contents) -> ids.isEmpty() && contents.isEmpty();
        };
    }

    /** Whether both selectors come from the same request; content hashes that were looked up do not count. */
    default boolean isSameRequestAs(RowSelector other) {
        if (this instanceof BySample(Set<String> ids, Set<String> _)) {
            return other instanceof BySample(Set<String> otherIds, Set<String> _) && ids.equals(otherIds);
        }
        return equals(other);
    }

    /** The members of a withdrawal or purge record. */
    default ObjectNode toJson() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode members = json.createObjectNode();
        return switch (this) {
            case BySpecVersion(String hash) -> members.put("spec_version", hash);
            case BySource(String name) -> members.put("source", name);
            case BySample(Set<String> ids, Set<String> contents) -> {
                members.set("sample_ids", json.valueToTree(new TreeSet<>(ids)));
                members.set("content_sha256", json.valueToTree(new TreeSet<>(contents)));
                yield members;
            }
        };
    }

    /** Reads what {@link #toJson} wrote. */
    static RowSelector of(JsonNode json) {
        if (json.has("spec_version")) {
            return new BySpecVersion(json.path("spec_version").asText());
        } else if (json.has("source")) {
            return new BySource(json.path("source").asText());
        }
        Set<String> ids = new TreeSet<>();
        Set<String> contents = new TreeSet<>();
        json.path("sample_ids").forEach(id -> ids.add(id.asText()));
        json.path("content_sha256").forEach(hash -> contents.add(hash.asText()));
        return new BySample(ids, contents);
    }

    /** Reads what {@link #toJson} wrote. */
    static RowSelector read(JsonMembers json) throws InvalidDocumentException {
        if (json.has("spec_version")) {
            return new BySpecVersion(json.text("spec_version"));
        } else if (json.has("source")) {
            return new BySource(json.text("source"));
        }
        return new BySample(Set.copyOf(json.texts("sample_ids")), Set.copyOf(json.texts("content_sha256")));
    }

    /** Text for messages and dataset cards. */
    default String describe() {
        return switch (this) {
            case BySpecVersion(String hash) -> "specification " + hash;
            case BySource(String name) -> "source " + name;
            case BySample(Set<String> ids, Set<String> _) -> "samples " + String.join(", ", new TreeSet<>(ids));
        };
    }
}

package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.util.Set;
import java.util.TreeSet;

/** Which rows are meant, when some are to go. */
public sealed interface RowSelector {
    /** All that was made under one version of the specification. */
    record BySpecVersion(String hash) implements RowSelector {}

    /** All that was made of the prompts of one source: what their rows call it, or the file as the recipe names it. */
    record BySource(String name) implements RowSelector {}

    /**
     * These samples, and whatever says the same.
     *
     * @param contents their content hashes, so that an exact duplicate does not take their place
     */
    record BySample(Set<String> ids, Set<String> contents) implements RowSelector {
        public BySample {
            ids = Set.copyOf(ids);
            contents = Set.copyOf(contents);
        }
    }

    /** Whether a row is meant. */
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

    /** Whether a row of what was turned down is meant. */
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

    /** Whether somebody who asks for the one asks for the other. */
    default boolean isSameRequestAs(RowSelector other) {
        if (this instanceof BySample(Set<String> ids, Set<String> _)) {
            return other instanceof BySample(Set<String> asked, Set<String> _) && ids.equals(asked);
        }
        return equals(other);
    }

    /** As a record names them. */
    default ObjectNode toJson() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode said = json.createObjectNode();
        return switch (this) {
            case BySpecVersion(String hash) -> said.put("spec_version", hash);
            case BySource(String name) -> said.put("source", name);
            case BySample(Set<String> ids, Set<String> contents) -> {
                said.set("sample_ids", json.valueToTree(new TreeSet<>(ids)));
                said.set("content_sha256", json.valueToTree(new TreeSet<>(contents)));
                yield said;
            }
        };
    }

    /** Reads what {@link #toJson} wrote. */
    static RowSelector of(JsonNode said) {
        if (said.has("spec_version")) {
            return new BySpecVersion(said.path("spec_version").asText());
        } else if (said.has("source")) {
            return new BySource(said.path("source").asText());
        }
        Set<String> ids = new TreeSet<>();
        Set<String> contents = new TreeSet<>();
        said.path("sample_ids").forEach(id -> ids.add(id.asText()));
        said.path("content_sha256").forEach(hash -> contents.add(hash.asText()));
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

    /** For a person. */
    default String describe() {
        return switch (this) {
            case BySpecVersion(String hash) -> "specification " + hash;
            case BySource(String name) -> "source " + name;
            case BySample(Set<String> ids, Set<String> _) -> "samples " + String.join(", ", new TreeSet<>(ids));
        };
    }
}

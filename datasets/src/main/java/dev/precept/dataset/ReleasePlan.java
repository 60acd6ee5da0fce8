package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * All that decides the bytes of a version. The plan is stored before the first file of the version, so that a release that was
 * interrupted is completed with the same files, by any process. Immutable.
 *
 * @param writer the program and libraries that write the files, as in {@link Manifest#writer()}
 * @param from the version whose commits are reused; empty for all commits
 * @param runs the runs whose rows are read
 * @param offsets where each chain ends
 */
public record ReleasePlan(
        String version,
        String datasetId,
        String writer,
        Optional<String> from,
        Manifest.ReleaseRecipe recipe,
        List<Manifest.SourceRun> runs,
        List<Manifest.ChainOffset> offsets) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public ReleasePlan {
        runs = List.copyOf(runs);
        offsets = List.copyOf(offsets);
    }

    /**
     * Reads what {@link #write} gives.
     *
     * @throws InvalidDocumentException if it is not JSON, or has a missing or wrong member
     */
    public static ReleasePlan read(byte[] bytes) throws InvalidDocumentException {
        JsonMembers json = JsonMembers.parse(bytes);
        return new ReleasePlan(
                json.text("version", ManifestJson.VERSION),
                json.text("dataset_id"),
                json.text("writer"),
                json.has("from") ? Optional.of(json.text("from", ManifestJson.VERSION)) : Optional.empty(),
                ManifestJson.recipe(json.object("recipe")),
                ManifestJson.runs(json),
                ManifestJson.offsets(json));
    }

    /** The bytes of {@code plan.json}; equal plans give equal bytes. */
    public byte[] write() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", version);
        json.put("dataset_id", datasetId);
        json.put("writer", writer);
        from.ifPresent(name -> json.put("from", name));
        json.set("recipe", ManifestJson.recipe(recipe));
        ManifestJson.putInput(json, runs, offsets);
        return Dataset.pretty(json);
    }
}

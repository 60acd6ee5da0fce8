package dev.precept.dataset.removal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folder of one version, and which of its files no manifest and no plan can name.
 *
 * @param state decides together with {@code named}
 * @param claim number of the newest claim of the name; 0 if there is none
 * @param named texts of the manifest
 */
record VersionFolder(String version, List<ObjectInfo> files, State state, long claim, Set<String> named) {
    private static final ObjectMapper JSON = new ObjectMapper();

    enum State {
        /** It has a manifest, which names its files. */
        RELEASED,
        /** A purge replaced it; only the manifest stays. */
        PURGED,
        /** A release is making it, or was killed; the same release resumes it. */
        CLAIMED,
        /** No process makes it. */
        ABANDONED
    }

    /** @param files as they were listed before this call */
    static VersionFolder read(Dataset dataset, Rewrites rewrites, String version, List<ObjectInfo> files)
            throws IOException {
        // The claim first: a release that ends meanwhile has a manifest then.
        ReleasePlans plans = ReleasePlans.of(dataset);
        Optional<ReleaseClaim> claim = plans.newest(version);
        Optional<ClaimOutcome> outcome = claim.isEmpty() ? Optional.empty() : plans.outcome(claim.get());
        Optional<byte[]> manifest = dataset.store().read(Layout.manifest(version));
        long number = claim.map(ReleaseClaim::number).orElse(0L);
        Set<String> named = new HashSet<>();
        State state;
        if (rewrites.purgeOf(version).isPresent()) {
            state = State.PURGED;
        } else if (manifest.isPresent()) {
            addTexts(JSON.readTree(manifest.get()), named);
            state = State.RELEASED;
        } else if (claim.isPresent() && !(outcome.orElse(null) instanceof ClaimOutcome.Abandoned)) {
            state = State.CLAIMED;
        } else {
            state = State.ABANDONED;
        }
        return new VersionFolder(version, files, state, number, named);
    }

    private static void addTexts(JsonNode json, Set<String> texts) {
        if (json.isTextual()) {
            texts.add(json.textValue());
        }
        json.forEach(each -> addTexts(each, texts));
    }

    /** Files that can be deleted. */
    List<ObjectInfo> unused() {
        return switch (state) {
            case CLAIMED -> List.of();
            case ABANDONED -> files;
            case PURGED -> files.stream().filter(file -> !isManifest(file)).toList();
            case RELEASED ->
                files.stream()
                        .filter(file -> !isManifest(file))
                        .filter(file -> !named.contains(
                                file.key().substring(Layout.release(version).length())))
                        .toList();
        };
    }

    private boolean isManifest(ObjectInfo file) {
        return file.key().equals(Layout.manifest(version));
    }

    /**
     * Deletes files of the folder.
     *
     * @param unused some or all of {@link #unused}
     * @return their number
     */
    int delete(Dataset dataset, List<ObjectInfo> unused) throws IOException {
        if (unused.isEmpty()) {
            return 0;
        }
        return state == State.ABANDONED
                ? AbandonedRelease.deleteFiles(dataset, version, claim)
                : Deletions.delete(
                        dataset.store(), unused.stream().map(ObjectInfo::key).toList());
    }
}

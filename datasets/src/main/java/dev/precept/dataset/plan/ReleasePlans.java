package dev.precept.dataset.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasePlan;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The claims of version names, {@code plans/<version>/<number>/}. A release claims its name before it writes a file, and the
 * claim is its plan: a process that releases under a claimed name executes that plan. The outcome of a claim is created once,
 * so that of a release and an abandonment exactly one succeeds. While a claim is open, no file of its version may be deleted.
 * Thread-safe.
 */
public final class ReleasePlans {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RELEASED = "released";
    private static final String ABANDONED = "abandoned";
    private static final String DONE = ".done";
    private static final String OUTCOME = "/outcome.json";

    private final ObjectStore store;

    private ReleasePlans(ObjectStore store) {
        this.store = store;
    }

    public static ReleasePlans of(Dataset dataset) {
        return new ReleasePlans(dataset.store());
    }

    /** All claims, by version and number. */
    public List<ReleaseClaim> claims() throws IOException {
        return claimsBelow(Layout.PLANS);
    }

    /** The claims of one name, oldest first. */
    public List<ReleaseClaim> claims(String version) throws IOException {
        return claimsBelow(Layout.plans(version));
    }

    private List<ReleaseClaim> claimsBelow(String prefix) throws IOException {
        List<ReleaseClaim> claims = new ArrayList<>();
        for (String key : store.list(prefix)) {
            Optional<Layout.ClaimKey> claim = Layout.parsePlan(key);
            if (claim.isPresent()) {
                claims.add(new ReleaseClaim(claim.get().version(), claim.get().number(), plan(key)));
            }
        }
        claims.sort(Comparator.comparing(ReleaseClaim::version).thenComparingLong(ReleaseClaim::number));
        return claims;
    }

    private ReleasePlan plan(String key) throws IOException {
        try {
            return ReleasePlan.read(stored(key));
        } catch (InvalidDocumentException e) {
            throw corrupt(key, e);
        }
    }

    /**
     * Reads every stored plan and outcome.
     *
     * @return what cannot be read and why, by key
     */
    public Map<String, String> unreadable() throws IOException {
        Map<String, String> unreadable = new TreeMap<>();
        for (String key : store.list(Layout.PLANS)) {
            try {
                if (Layout.parsePlan(key).isPresent()) {
                    ReleasePlan _ = plan(key);
                } else if (key.endsWith(OUTCOME)) {
                    ClaimOutcome _ = outcome(key, stored(key));
                }
            } catch (StoreException.Corrupt e) {
                unreadable.put(
                        key,
                        e.getCause() instanceof JsonProcessingException json
                                ? json.getOriginalMessage()
                                : String.valueOf(e.getCause()));
            }
        }
        return unreadable;
    }

    /** The claims of all names that have no outcome. */
    public List<ReleaseClaim> openClaims() throws IOException {
        List<ReleaseClaim> open = new ArrayList<>();
        for (ReleaseClaim claim : claims()) {
            if (outcome(claim).isEmpty()) {
                open.add(claim);
            }
        }
        return open;
    }

    /** The newest claim of a name. */
    public Optional<ReleaseClaim> newest(String version) throws IOException {
        List<ReleaseClaim> claims = claims(version);
        return claims.isEmpty() ? Optional.empty() : Optional.of(claims.getLast());
    }

    /** The claim of a name that has no outcome. */
    public Optional<ReleaseClaim> open(String version) throws IOException {
        Optional<ReleaseClaim> newest = newest(version);
        return newest.isPresent() && outcome(newest.get()).isEmpty() ? newest : Optional.empty();
    }

    /**
     * Claims the name of a plan.
     *
     * @return empty if the name has an open claim, or a version was released by one
     */
    public Optional<ReleaseClaim> claim(ReleasePlan plan) throws IOException {
        Optional<ReleaseClaim> newest = newest(plan.version());
        if (newest.isPresent() && !(outcome(newest.get()).orElse(null) instanceof ClaimOutcome.Abandoned)) {
            return Optional.empty();
        }
        long number = newest.map(ReleaseClaim::number).orElse(0L) + 1;
        return store.createIfAbsent(Layout.plan(plan.version(), number), plan.write())
                ? Optional.of(new ReleaseClaim(plan.version(), number, plan))
                : Optional.empty();
    }

    /** How a claim ended; empty while it is open. */
    public Optional<ClaimOutcome> outcome(ReleaseClaim claim) throws IOException {
        String key = Layout.outcome(claim.version(), claim.number());
        Optional<byte[]> stored = store.read(key);
        return stored.isEmpty() ? Optional.empty() : Optional.of(outcome(key, stored.get()));
    }

    private ClaimOutcome outcome(String key, byte[] bytes) throws IOException {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json.path(ABANDONED).isTextual()) {
                return new ClaimOutcome.Abandoned(json.path(ABANDONED).textValue());
            }
            return new ClaimOutcome.Released(Manifest.read(JSON.writeValueAsBytes(json.path(RELEASED))));
        } catch (JsonProcessingException | InvalidDocumentException e) {
            throw corrupt(key, e);
        }
    }

    /** Ends a claim with a version, unless it has an outcome. The manifest is then stored by {@link #store}. */
    public ClaimOutcome release(ReleaseClaim claim, Manifest manifest) throws IOException {
        return decide(claim, JSON.createObjectNode().set(RELEASED, JSON.readTree(manifest.write())));
    }

    /** Ends a claim without a version, unless it has an outcome. Its files may then be deleted. */
    public ClaimOutcome abandon(ReleaseClaim claim, String why) throws IOException {
        return decide(claim, JSON.createObjectNode().put(ABANDONED, why));
    }

    private ClaimOutcome decide(ReleaseClaim claim, JsonNode outcome) throws IOException {
        store.createIfAbsent(Layout.outcome(claim.version(), claim.number()), Dataset.pretty(outcome));
        return outcome(claim)
                .orElseThrow(() -> new StoreException.Unavailable(where(Layout.outcome(claim.version(), claim.number()))
                        + " was created and cannot be read;" + " try again"));
    }

    /** Stores the manifest of a released claim, which makes the version visible. Idempotent. */
    public void store(ClaimOutcome.Released released) throws IOException {
        String key = Layout.manifest(released.manifest().version());
        byte[] manifest = released.manifest().write();
        if (!store.createIfAbsent(key, manifest) && !Arrays.equals(stored(key), manifest)) {
            throw new StoreException.Corrupt(where(key) + " is not the manifest of its release; put it back from a"
                    + " backup, 'precept verify' lists what else is wrong");
        }
    }

    /**
     * Records that the files of an abandoned claim are about to be deleted. The caller then checks {@link #newest}: if the
     * name was claimed again, it must delete nothing.
     *
     * @param number of the claim; 0 for files that were written without a claim
     */
    public Removal beginRemoval(String version, long number) throws IOException {
        String key = Layout.claimRemovals(version, number) + UUID.randomUUID();
        store.createIfAbsent(key, Dataset.pretty(JSON.createObjectNode().put("version", version)));
        return new Removal(key);
    }

    /** A deletion of the files of a claim that began. */
    public record Removal(String key) {}

    /** Records that a deletion ended, or that the process that began it is gone. */
    public void endRemoval(Removal removal) throws IOException {
        store.createIfAbsent(removal.key + DONE, Dataset.pretty(JSON.createObjectNode()));
    }

    /** The deletions of files of a version that did not end, with the time at which they began. */
    public List<ObjectStore.ObjectInfo> openRemovals(String version) throws IOException {
        List<ObjectStore.ObjectInfo> stored = store.listObjects(Layout.plans(version)).stream()
                .filter(each -> Layout.isRemoval(each.key()))
                .toList();
        List<String> keys = stored.stream().map(ObjectStore.ObjectInfo::key).toList();
        return stored.stream()
                .filter(each -> !each.key().endsWith(DONE) && !keys.contains(each.key() + DONE))
                .toList();
    }

    private byte[] stored(String key) throws IOException {
        return store.read(key)
                .orElseThrow(
                        () -> new StoreException.Unavailable(where(key) + " was found and cannot be read; try again"));
    }

    private StoreException.Corrupt corrupt(String key, IOException e) {
        return new StoreException.Corrupt(where(key) + ": " + e.getMessage() + "; put it back from a backup", e);
    }

    private String where(String key) {
        return store.location() + "/" + key;
    }
}

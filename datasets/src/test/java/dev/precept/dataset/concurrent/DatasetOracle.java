package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.concurrent.Topics.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks a dataset against the records of its topics and the purges that were started. It reads the stored files itself and
 * shares no code with the product.
 */
final class DatasetOracle {
    /** Keys that, once they exist, never change and never vanish. */
    private static final String PERMANENT =
            "dataset\\.json|(log|runs|specs|refs|withdrawals|rewrites)/.*|releases/[^/]+/manifest\\.json"
                    + "|plans/[^/]+/[^/]+/(plan|outcome)\\.json";

    private final StoredFiles files;
    private final Topics topics;
    private final List<PurgeRequest> purges;
    private final Map<String, String> permanent = new TreeMap<>();
    private final Map<String, StoredVersion> versions = new TreeMap<>();
    private final UnfinishedPlans unfinishedPlans;
    private Map<String, Long> heads = new HashMap<>();

    DatasetOracle(StoredFiles files, Topics topics, List<PurgeRequest> purges) {
        this.files = files;
        this.topics = topics;
        this.purges = purges;
        this.unfinishedPlans = new UnfinishedPlans(files);
    }

    /** The end of each chain at the last check. */
    Map<String, Long> heads() {
        return Map.copyOf(heads);
    }

    /** The versions that exist and that no purge may have deleted. */
    List<String> standingVersions() {
        return versions.values().stream()
                .filter(version -> !mayBePurged(version))
                .map(StoredVersion::name)
                .toList();
    }

    /** The numbers of the recorded withdrawals. */
    Set<Long> withdrawals() {
        Set<Long> numbers = new HashSet<>();
        files.list("withdrawals/")
                .forEach(key -> numbers.add(files.json(key).path("number").asLong()));
        return numbers;
    }

    /** Whether a process has begun to delete files of a release and did not end. */
    boolean isRemoving() {
        return files.list("plans/").stream()
                .filter(key -> key.contains("/removals/") && !key.endsWith(".done"))
                .anyMatch(key -> !files.has(key + ".done"));
    }

    /** Whether there are files that an unfinished plan may name. */
    boolean hasPlannedFiles() {
        return unfinishedPlans.haveFiles();
    }

    /** Whether a compaction was killed; until it is completed, no purge can begin. */
    boolean isCompacting() {
        return files.list("rewrites/plans/").stream()
                .filter(key -> !files.has(key.replace("/plans/", "/done/")))
                .anyMatch(key -> files.json(key).path("kind").asText().equals("compaction"));
    }

    /** Whether a version exists or is planned. */
    boolean isPlanned(String version) {
        return !files.list("plans/" + version + "/").isEmpty() || files.has("releases/" + version + "/manifest.json");
    }

    StoredVersion version(String name) {
        return Optional.ofNullable(versions.get(name))
                .orElseThrow(() -> new AssertionError("there is no version " + name));
    }

    boolean mayBePurged(String name) {
        return mayBePurged(version(name));
    }

    /** Checks what must hold at any time. No command may run meanwhile. */
    void check() {
        files.refresh();
        checkPermanent();
        unfinishedPlans.check();
        heads = new HashMap<>();
        for (String chain : Topics.CHAINS) {
            checkChain(chain);
        }
        for (String key : files.list("releases/")) {
            if (key.endsWith("/manifest.json")) {
                String name = key.split("/")[1];
                StoredVersion known = versions.get(name);
                if (known == null) {
                    StoredVersion version = new StoredVersion(name, files.json(key), topics);
                    versions.put(name, version);
                    require(
                            mayBePurged(version)
                                    || version.firstDifference(files).isEmpty(),
                            name + " is announced, but " + version.firstDifference(files));
                    version.firstWrongRow(files, this::mayRemove).ifPresent(wrong -> require(false, name + wrong));
                } else if (!mayBePurged(known)) {
                    String difference = known.firstDifference(files);
                    require(difference.isEmpty(), name + " was announced, but now " + difference);
                }
            }
        }
    }

    /** Checks what must hold while no command is under way. */
    void checkAtRest() {
        for (PurgeRequest purge : purges) {
            if (purge.isComplete()) {
                checkRemoved(purge);
            }
        }
    }

    private void checkRemoved(PurgeRequest purge) {
        Set<String> gone = new HashSet<>();
        Set<String> later = new HashSet<>();
        for (String chain : Topics.CHAINS) {
            List<Row> records = topics.records(chain);
            for (int offset = 0; offset < records.size(); offset++) {
                Row row = records.get(offset);
                if (purge.selector().matches(row)) {
                    (purge.covers(chain, offset) ? gone : later).add(row.token());
                }
            }
        }
        gone.removeAll(later); // the same text was committed again
        files.all()
                .forEach((key, content) -> gone.forEach(token ->
                        require(!content.text().contains(token), "a purged row (" + token + ") is in " + key)));
    }

    private boolean mayRemove(Row row) {
        return purges.stream().anyMatch(purge -> purge.mayRemove(row));
    }

    /** A purge need not know which rows other withdrawals left out: those that it removes are gone. */
    private boolean mayBePurged(StoredVersion version) {
        return purges.stream()
                .filter(purge -> !version.withdraws(purge.selector()))
                .anyMatch(purge -> version.covered(topics).anyMatch(purge::mayRemove));
    }

    private void checkPermanent() {
        permanent.forEach((key, sha256) -> {
            require(files.has(key), key + " has vanished");
            require(files.find(key).orElseThrow().sha256().equals(sha256), key + " has changed");
        });
        files.all().forEach((key, content) -> {
            if (key.matches(PERMANENT)) {
                permanent.put(key, content.sha256());
            }
        });
    }

    /** Every committed row is in the file that holds the rows of its commit, exactly once. */
    private void checkChain(String chain) {
        List<Row> records = topics.records(chain);
        CurrentFiles currentFiles = new CurrentFiles(files, chain);
        long next = 0;
        Set<String> reached = new HashSet<>();
        while (files.has(commitKey(chain, next))) {
            JsonNode commit = files.json(commitKey(chain, next));
            reached.add(commitKey(chain, next));
            long from = next;
            next = commit.path("to").asLong();
            require(next > from && next <= records.size(), commitKey(chain, from) + " ends at " + next);
            List<String> stored = new ArrayList<>(currentFiles.idsOf(commit));
            for (long offset = from; offset < next; offset++) {
                Row row = records.get(Math.toIntExact(offset));
                boolean present = !stored.isEmpty() && stored.getFirst().equals(row.id());
                if (present) {
                    stored.removeFirst();
                }
                checkRow(chain, offset, row, present);
            }
            require(stored.isEmpty(), commitKey(chain, from) + " has other rows than its records: " + stored);
        }
        heads.put(chain, next);
        files.list("log/" + chain + "/").forEach(key -> require(reached.contains(key), key + " is not reached"));
    }

    private void checkRow(String chain, long offset, Row row, boolean present) {
        if (present) {
            for (PurgeRequest purge : purges) {
                require(!purge.removed(chain, offset, row), "a purged row is in the data of " + chain + ": " + row);
            }
        } else {
            require(row.isEnd() || mayRemove(row), "a committed row of " + chain + " " + offset + " is lost: " + row);
        }
    }

    private static String commitKey(String chain, long from) {
        return "log/" + chain + "/" + String.format(Locale.ROOT, "%020d", from) + ".json";
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

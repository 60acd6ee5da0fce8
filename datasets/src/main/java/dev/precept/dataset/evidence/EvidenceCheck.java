package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.spool.Spool;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Computes the evidence of a version again, from its files, the committed rows, the stored specifications and the evidence
 * documents of its runs, and compares it with the manifest number by number. It shares the counting with a release, and none
 * of its selection: the kept samples are those that the files of the version have. Reasoning is read again.
 */
public final class EvidenceCheck {
    /** The members of the evidence that no kept sample counts in. */
    private static final List<String> OF_ATTEMPTS = List.of("rejected", "judge", "side_info", "cost");

    private final Dataset dataset;
    private final Manifest manifest;
    private final List<Difference> differences = new ArrayList<>();
    private long compared;

    /**
     * A number, or a file, that is another one.
     *
     * @param number its path in the manifest, and which files it was computed from where there are several
     */
    public record Difference(String number, String recorded, String computed) {}

    /**
     * @param numbers compared ones, with the hashes of files
     * @param differences numbers first; empty if all are equal
     * @param isOfAttemptsOnly whether no number of samples is compared: the version keeps rejected attempts and has no view
     *     with their ids
     * @param purged what was purged since the version was made: rejected attempts of it are not counted any more
     */
    public record Result(long numbers, List<Difference> differences, boolean isOfAttemptsOnly, List<String> purged) {
        public Result {
            purged = List.copyOf(purged);
            differences = List.copyOf(differences);
        }
    }

    private EvidenceCheck(Dataset dataset, Manifest manifest) {
        this.dataset = dataset;
        this.manifest = manifest;
    }

    /**
     * Checks a version. Files whose bytes are not those that the dataset names are read all the same, so that the number that
     * they change is found.
     *
     * @param spool local folder for temporary files
     * @throws ConfigurationException if the version has no evidence: an earlier build made it
     * @throws IOException if a store fails, or a file cannot be read
     */
    public static Result check(Dataset dataset, ReleasedVersion version, Path spool, int threads) throws IOException {
        JsonNode recorded = version.manifest()
                .evidence()
                .orElseThrow(() -> new ConfigurationException("version " + version.name()
                        + " has no evidence: an earlier build released it; 'precept release --from " + version.name()
                        + "' makes a version with it"));
        EvidenceCheck check = new EvidenceCheck(dataset, version.manifest());
        KeptSamples kept = KeptSamples.read(dataset, version.manifest());
        boolean isReadmitting = version.manifest().readmitted().orElse(0L) > 0;
        try (Spool temporary = Spool.open(spool, Long.MAX_VALUE)) {
            check.numbers(recorded, kept, isReadmitting, temporary, threads);
        }
        check.files();
        return new Result(check.compared, check.differences, isReadmitting && !kept.namesKept(), check.purged());
    }

    private List<String> purged() throws IOException {
        List<RowSelector> withdrawn = manifest.recipe().withdrawals().stream()
                .map(Withdrawal::selector)
                .toList();
        return Rewrites.planned(dataset).stream()
                .filter(selector -> !withdrawn.contains(selector))
                .map(RowSelector::describe)
                .distinct()
                .toList();
    }

    private void numbers(JsonNode recorded, KeptSamples kept, boolean isReadmitting, Spool spool, int threads)
            throws IOException {
        CommittedRows rows = CommittedRows.loadForVersion(dataset, manifest);
        StoredSpecifications specifications = new StoredSpecifications(dataset);
        Evidence evidence = new Evidence(dataset, specifications);
        boolean isOfAttemptsOnly = isReadmitting && !kept.namesKept();
        SampleTally tally = isOfAttemptsOnly
                ? new SampleTally()
                : new KeptScan(rows, kept, new CitationReaders(specifications), this::fetch)
                        .scan(isReadmitting, threads);
        EvidenceScan.Scanned scanned =
                EvidenceScan.scan(rows, manifest.recipe().withdrawals(), this::fetch, spool, threads);
        JsonNode computed = evidence.compute(manifest.recipe(), manifest.runs(), tally, scanned);
        if (isOfAttemptsOnly) {
            OF_ATTEMPTS.forEach(
                    member -> compare("evidence." + member, "", recorded.path(member), computed.path(member)));
            return;
        }
        compare("evidence", "", recorded, computed);
        compare("rows", String.valueOf(manifest.rows()), String.valueOf(tally.samples()));
        Optional<SampleTally> raw = kept.raw();
        if (raw.isPresent()) {
            compare(
                    "evidence",
                    " (view raw)",
                    recorded,
                    evidence.compute(manifest.recipe(), manifest.runs(), raw.get(), scanned));
        }
    }

    private Path fetch(StoredRows rows) throws IOException {
        try {
            return dataset.store().fetch(rows.file().key());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    dataset.location() + "/" + rows.file().key() + " is gone; 'precept verify' lists what is missing",
                    e);
        }
    }

    private void compare(String path, String files, JsonNode recorded, JsonNode computed) {
        Map<String, String> before = new TreeMap<>();
        Map<String, String> after = new TreeMap<>();
        flatten(path, recorded, before);
        flatten(path, computed, after);
        Map<String, String> all = new TreeMap<>(after);
        all.putAll(before);
        for (String name : all.keySet()) {
            compare(name + files, before.getOrDefault(name, "absent"), after.getOrDefault(name, "absent"));
        }
    }

    private void compare(String name, String recorded, String computed) {
        compared++;
        if (!recorded.equals(computed)) {
            differences.add(new Difference(name, recorded, computed));
        }
    }

    private static void flatten(String path, JsonNode json, Map<String, String> into) {
        if (json.isObject()) {
            json.properties().forEach(member -> flatten(path + "." + member.getKey(), member.getValue(), into));
        } else if (json.isArray()) {
            for (int n = 0; n < json.size(); n++) {
                flatten(path + "[" + n + "]", json.get(n), into);
            }
        } else {
            into.put(path, json.asText());
        }
    }

    /** A row may be altered without any of the numbers. */
    private void files() throws IOException {
        file(manifest.card().path(), manifest.card().sha256());
        for (Manifest.FileEntry file : manifest.extraFiles()) {
            file(file.path(), file.sha256());
        }
        file(manifest.removed().file().path(), manifest.removed().file().sha256());
        for (List<Manifest.Shard> shards : manifest.views().values()) {
            for (Manifest.Shard shard : shards) {
                file(shard.path(), shard.sha256());
            }
        }
        CommittedRows rows = CommittedRows.loadForVersion(dataset, manifest);
        for (String topic : List.of(Topics.SAMPLES.name(), Topics.REJECTIONS.name())) {
            for (StoredRows stored : rows.files(topic)) {
                hash(stored.file().key(), stored.file().sha256());
            }
        }
    }

    private void file(String path, String sha256) throws IOException {
        hash(Layout.releaseFile(manifest.version(), path), sha256);
    }

    private void hash(String key, String sha256) throws IOException {
        String found;
        try {
            Path local = dataset.store().fetch(key);
            found = Sha256.hex(local);
            dataset.store().discard(local);
        } catch (NoSuchFileException e) {
            found = "no file";
        }
        compare("sha256 of " + key, sha256, found);
    }
}

package dev.precept.dataset.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.removal.DatasetKeys;
import dev.precept.dataset.removal.OrphanFiles;
import dev.precept.dataset.spool.Spool;
import dev.precept.schemas.Topics;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Verifies chains, data files, versions and refs of a dataset, and reports files that nothing references. Changes nothing;
 * runs may be in progress.
 */
public final class Verification {
    /** A younger file may belong to a commit or a version in progress. */
    private static final Duration YOUNG = Duration.ofDays(1);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Dataset dataset;
    private final ObjectStore store;
    private final Instant now;
    private final VerificationReport verificationReport = new VerificationReport();

    private Verification(Dataset dataset, Instant now) {
        this.dataset = dataset;
        this.store = dataset.store();
        this.now = now;
    }

    /** A key that is not as expected, what is wrong, and what to do. */
    public record Problem(String key, String what, String remedy) {
        @Override
        public String toString() {
            return (key + ": " + what + "; " + remedy).replaceAll("\\R", " ");
        }
    }

    /**
     * The result of a verification.
     *
     * @param orphans unreferenced keys older than a day; harmless, {@link OrphanFiles} removes most of them
     * @param young younger unreferenced keys; they may belong to a commit or a version in progress
     * @param files correct files, with {@code rows} rows
     */
    public record Result(
            List<Problem> problems, List<String> orphans, List<String> young, long commits, long files, long rows) {}

    /**
     * Verifies a dataset.
     *
     * @param version the only version to verify, by name or ref; empty for all
     * @throws ConfigurationException if there is no such version
     * @throws IOException if the store fails
     */
    public static Result verify(Dataset dataset, Optional<String> version, InstantSource clock) throws IOException {
        return verify(dataset, version, clock, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * As {@link #verify(Dataset, Optional, InstantSource)}.
     *
     * @param spool local folder for temporary files, 44 bytes a row of the largest view or of all commits
     */
    public static Result verify(Dataset dataset, Optional<String> version, InstantSource clock, Path spool)
            throws IOException {
        Optional<String> resolved = version.map(dataset.versions()::resolve);
        try (Spool files = Spool.open(spool, Long.MAX_VALUE)) {
            return new Verification(dataset, clock.instant()).verifyAll(resolved, files);
        }
    }

    private Result verifyAll(Optional<String> version, Spool spool) throws IOException {
        if (!runsAreReadable()) {
            return new Result(verificationReport.problems(), List.of(), List.of(), 0, 0, 0);
        }
        // Listed first: what a commit or a rewrite names since then is not missed, and not reported as unused.
        Map<String, Instant> before = list();
        Rewrites rewrites = Rewrites.read(dataset);
        RewriteCheck rewriteCheck = new RewriteCheck(rewrites, verificationReport);
        rewriteCheck.checkUnfinished();
        ReleasePlans.of(dataset)
                .unreadable()
                .forEach((key, why) -> verificationReport.addProblem(
                        key, "is not a plan or its outcome (" + why + ")", "put it back from a backup"));
        ChainCheck chains = new ChainCheck(dataset, rewrites, verificationReport);
        chains.walk(List.of(Topics.REJECTIONS.name(), Topics.SAMPLES.name()));
        Map<String, Instant> stored = list();
        Set<String> keys = stored.keySet();
        FileVerifier files = new FileVerifier(store, keys, verificationReport);
        chains.checkFiles(files, spool);
        checkEvaluationSets(files);
        VersionCheck versions = new VersionCheck(store, verificationReport, files, spool);
        Set<String> released = released(keys);
        Map<String, Manifest> readable = new TreeMap<>();
        for (String each : released) {
            if (rewrites.purgeOf(each).isPresent()) {
                verificationReport.referenced(Layout.manifest(each));
                continue;
            }
            Optional<Manifest> manifest = versions.readManifest(each);
            manifest.ifPresent(read -> readable.put(each, read));
            if (manifest.isPresent() && (version.isEmpty() || version.get().equals(each))) {
                versions.check(manifest.get(), chains);
            }
        }
        for (String ref : dataset.refs().names()) {
            versions.checkRef(ref, dataset.refs(), released);
        }
        new JournalCheck(dataset, keys, verificationReport).check(released);
        rewriteCheck.checkVersions(readable.values());
        before.keySet().retainAll(keys);
        rewriteCheck.checkFiles(before.keySet(), chains.walked());
        rewriteCheck.checkRemainders(dataset, before.keySet());
        return findUnreferenced(stored, readable.keySet(), chains.commits());
    }

    private Map<String, Instant> list() throws IOException {
        Map<String, Instant> stored = new TreeMap<>();
        DatasetKeys.list(store).forEach(each -> stored.put(each.key(), each.modified()));
        return stored;
    }

    /** The runs define the chains: without them nothing else can be verified. */
    private boolean runsAreReadable() throws IOException {
        for (String key : store.list(Layout.RUNS)) {
            if (Layout.isRunEvidence(key)) {
                checkRunEvidence(key);
                continue;
            }
            try {
                JsonNode run = JSON.readTree(store.read(key).orElseThrow());
                run.required("run_id");
                if (run.hasNonNull("closed_at")) {
                    continue;
                }
                run.required("identity");
                run.required("topic_ids");
            } catch (JsonProcessingException | IllegalArgumentException e) {
                verificationReport.addProblem(
                        key, "is not a run entry (" + e.getMessage() + ")", "put it back from a backup");
            }
        }
        return verificationReport.problems().isEmpty();
    }

    private void checkRunEvidence(String key) throws IOException {
        try {
            RunEvidence.parse(store.read(key).orElseThrow());
        } catch (InvalidDocumentException e) {
            verificationReport.addProblem(
                    key, "is not the evidence of a run (" + e.getMessage() + ")", "put it back from a backup");
        }
    }

    /** What the prompts of a run were compared with can be said only while it is here. */
    private void checkEvaluationSets(FileVerifier files) throws IOException {
        for (Dataset.RunEntry run : dataset.runs()) {
            String sha256 = run.identity().path(Dataset.EVALUATION_SETS).asText("");
            if (!sha256.isEmpty()) {
                files.verifyBytes(new FileVerifier.ExpectedFile(
                        Layout.evaluation(sha256),
                        0,
                        sha256,
                        "run " + run.runId(),
                        "put it back from a backup; samples are not affected"));
            }
        }
    }

    private static Set<String> released(Set<String> keys) {
        return keys.stream()
                .map(Layout::parseRelease)
                .flatMap(Optional::stream)
                .filter(Layout.ReleaseFile::isManifest)
                .map(Layout.ReleaseFile::version)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean needsReference(String key) {
        return switch (Layout.kindOf(key)) {
            case IDENTITY,
                    RUN,
                    CHECKPOINT,
                    SPECIFICATION,
                    TEMPLATE,
                    EVALUATION,
                    GATE,
                    CACHE,
                    WITHDRAWAL,
                    CALIBRATION,
                    REWRITE,
                    AUDIT,
                    PLAN -> false;
            case COMMIT, DATA, RELEASE, REF, PROBE, STAGED, UNKNOWN -> true;
        };
    }

    private Result findUnreferenced(Map<String, Instant> stored, Set<String> readable, long commits) {
        List<String> orphans = new ArrayList<>();
        List<String> young = new ArrayList<>();
        stored.forEach((key, modified) -> {
            if (verificationReport.isReferenced(key) || !needsReference(key)) {
                return;
            }
            Optional<String> version =
                    Layout.parseRelease(key).map(Layout.ReleaseFile::version).filter(readable::contains);
            if (version.isPresent()) {
                verificationReport.addProblem(
                        key,
                        "is in " + version.get() + ", but its manifest does not name it",
                        "move it away; a loader may read it as part of this version");
            } else if (modified.plus(YOUNG).isBefore(now)) {
                orphans.add(key);
            } else {
                young.add(key);
            }
        });
        return new Result(
                verificationReport.problems(),
                orphans,
                young,
                commits,
                verificationReport.files(),
                verificationReport.rows());
    }
}

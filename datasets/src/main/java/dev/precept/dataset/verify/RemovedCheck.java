package dev.precept.dataset.verify;

import dev.precept.dataset.Hash;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.release.RemovedSamples;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Checks the list of the samples that a version leaves out against its rows: none of them is in it, reported ones are, and each
 * near-duplicate names a sample that is in it, or that a later step of the selection left out. Ids are joined on disk.
 */
final class RemovedCheck {
    private static final Set<String> NEAR_DUPLICATES = Set.of("near_duplicate_prompt", "near_duplicate_sample");
    private static final Set<String> REPORTED = Set.of("similar_prompt", "similar_sample", "similar_meaning");
    private static final Set<String> BEFORE = Set.of("exact_duplicate", "below_threshold", "withdrawn", "above_risk");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final int WIDTH = Hash.BYTES + 1;

    /** What is known of an id, in order. */
    private static final byte KEPT = 0;

    private static final byte LEFT_OUT_LATER = 1;
    private static final byte LEFT_OUT = 2;
    private static final byte REPORTED_AS_KEPT = 3;
    private static final byte NAMED = 4;

    private final VerificationReport report;
    private final Spool spool;
    private final String remedy;
    private String key = "";

    RemovedCheck(VerificationReport report, Spool spool, String remedy) {
        this.report = report;
        this.spool = spool;
        this.remedy = remedy;
    }

    /** Opens a file of the version; empty if it could not be verified. */
    interface Files {
        Optional<Path> local(Manifest.Shard shard) throws IOException;
    }

    /** @param removed the list, verified */
    void check(Manifest manifest, Path removed, Files files) throws IOException {
        key = Layout.releaseFile(manifest.version(), manifest.removed().file().path());
        EntryBuckets ids = new EntryBuckets(
                spool,
                "removed-ids",
                WIDTH,
                EntryBuckets.bitsFor(
                        manifest.rows() + 2 * manifest.removed().file().rows()));
        Map<String, Long> counts = new TreeMap<>();
        try {
            ParquetFiles.readColumns(
                    removed, RemovedSamples.SCHEMA, List.of("sample_id", "reason", "duplicate_of"), row -> {
                        counts.merge(row.get(1), 1L, Long::sum);
                        add(ids, row.get(0), kind(row.get(1)));
                        if (NEAR_DUPLICATES.contains(row.get(1))) {
                            add(ids, row.get(2), NAMED);
                        }
                    });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        checkCounts(counts, manifest.removed().selected());
        checkCounts(counts, manifest.removed().reported());
        Optional<View> view = manifest.views().keySet().stream()
                .filter(each -> each.rowKind() == RowKind.SAMPLE)
                .findFirst();
        boolean isComplete = view.isPresent();
        for (Manifest.Shard shard : view.map(manifest.views()::get).orElse(List.of())) {
            Optional<Path> local = files.local(shard);
            isComplete &= local.isPresent();
            if (local.isPresent()) {
                ParquetFiles.readColumns(
                        local.get(),
                        view.orElseThrow().schema(),
                        List.of("sample_id"),
                        row -> add(ids, row.get(0), KEPT));
            }
        }
        join(ids, isComplete);
    }

    private static byte kind(String reason) {
        if (REPORTED.contains(reason)) {
            return REPORTED_AS_KEPT;
        }
        return BEFORE.contains(reason) || NEAR_DUPLICATES.contains(reason) || reason.equals("split_bridge")
                ? LEFT_OUT
                : LEFT_OUT_LATER;
    }

    private void add(EntryBuckets ids, String id, byte kind) {
        try {
            if (!ID.matcher(id).matches()) {
                report.addProblem(key, "names '" + id + "', which is not the id of a sample", remedy);
                return;
            }
            ids.add(Hash.of(id).putInto(ByteBuffer.allocate(WIDTH)).put(kind).array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkCounts(Map<String, Long> counts, Map<String, Long> expected) {
        expected.forEach((reason, count) -> {
            if (!counts.getOrDefault(reason, 0L).equals(count)) {
                report.addProblem(
                        key,
                        "names " + counts.getOrDefault(reason, 0L) + " samples as " + reason + "; the manifest counts "
                                + count,
                        remedy);
            }
        });
    }

    /** @param isComplete whether every kept sample was added */
    private void join(EntryBuckets ids, boolean isComplete) throws IOException {
        Join join = new Join();
        for (int bucket = 0; bucket < ids.buckets(); bucket++) {
            if (isComplete) {
                ids.forEachSorted(bucket, (_, _) -> {}, join::accept);
            }
            ids.delete(bucket);
        }
    }

    /** Takes what is known of each id; reports the first problem only, others would not help to find the cause. */
    private final class Join {
        private final byte[] id = new byte[Hash.BYTES];
        private boolean isKept;
        private boolean isLeftOutLater;
        private boolean isReported;

        void accept(byte[] data, int at) {
            if (!Arrays.equals(data, at, at + Hash.BYTES, id, 0, Hash.BYTES)) {
                System.arraycopy(data, at, id, 0, Hash.BYTES);
                isKept = false;
                isLeftOutLater = false;
            }
            switch (data[at + Hash.BYTES]) {
                case KEPT -> isKept = true;
                case LEFT_OUT_LATER -> {
                    problem(isKept, "is left out, and is in the version");
                    isLeftOutLater = true;
                }
                case LEFT_OUT -> problem(isKept, "is left out, and is in the version");
                case REPORTED_AS_KEPT -> problem(!isKept && !isLeftOutLater, "is reported, and is not in the version");
                default ->
                    problem(
                            !isKept && !isLeftOutLater,
                            "is what a near-duplicate is said to resemble, and is not in the version");
            }
        }

        private void problem(boolean exists, String what) {
            if (exists && !isReported) {
                isReported = true;
                report.addProblem(key, "names sample " + Hash.from(id, 0) + ", which " + what, remedy);
            }
        }
    }
}

package dev.precept.dataset.verify;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Purges;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Walks every chain from offset 0 and verifies the data files against the commits. */
final class ChainCheck {
    private static final String RESTORE = "put it back from a backup; no version can be made of this chain without it";
    private static final String TWICE = "a slot has at most one row, so do not release from this dataset";

    private final Dataset dataset;
    private final Purges purges;
    private final VerificationReport verificationReport;
    private final Map<Chain, List<Commit>> walked = new HashMap<>();
    private final Map<String, Set<Long>> ends = new HashMap<>();

    ChainCheck(Dataset dataset, Purges purges, VerificationReport verificationReport) {
        this.dataset = dataset;
        this.purges = purges;
        this.verificationReport = verificationReport;
    }

    /** @param logKeys listed before the walk, so that a commit appended meanwhile is not reported */
    void walk(List<String> topics, List<String> logKeys) throws IOException {
        Set<String> unknown = new TreeSet<>();
        logKeys.forEach(key -> unknown.add(key.substring(0, key.lastIndexOf('/') + 1)));
        for (String topic : topics) {
            for (Chain chain : dataset.chainsOf(topic)) {
                unknown.remove(chain.id().logFolder());
                walk(chain, logKeys);
            }
        }
        unknown.forEach(folder -> verificationReport.addProblem(
                folder,
                "no run of this dataset writes this chain",
                "restore the runs/ key that names its topic id, or move the folder away"));
    }

    private void walk(Chain chain, List<String> logKeys) throws IOException {
        List<Commit> commits = new ArrayList<>();
        Set<Long> to = new HashSet<>(Set.of(0L));
        boolean broken = false;
        long next = 0;
        try {
            for (Optional<Commit> at = chain.commitAt(0); at.isPresent(); at = chain.commitAt(next)) {
                commits.add(at.get());
                verificationReport.referenced(chain.id().commitKey(next));
                next = at.get().to();
                to.add(next);
            }
        } catch (StoreException.Corrupt e) {
            broken = true;
            verificationReport.referenced(chain.id().commitKey(next));
            verificationReport.addProblem(
                    chain.id().commitKey(next), "cannot be read (" + e.getMessage() + ")", RESTORE);
        }
        walked.put(chain, commits);
        ends.put(chain.id().logFolder(), to);
        checkUnreachable(chain, logKeys, next, broken);
    }

    private void checkUnreachable(Chain chain, List<String> logKeys, long end, boolean broken) {
        String folder = chain.id().logFolder();
        List<String> loose = logKeys.stream()
                .filter(key -> key.startsWith(folder))
                .filter(key -> ChainId.parseCommitKey(key).isPresent())
                .filter(Predicate.not(verificationReport::isReferenced))
                .toList();
        loose.forEach(verificationReport::referenced);
        if (!loose.isEmpty() && !broken) {
            verificationReport.addProblem(
                    chain.id().commitKey(end),
                    "is missing: the chain from offset 0 ends at " + end + ", and " + loose.size()
                            + " commits are stored after that, the first is " + loose.getFirst(),
                    RESTORE);
        }
    }

    /** Whether a commit of the chain ends at this offset; 0 is the start of every chain. */
    boolean hasBoundaryAt(String log, long offset) {
        return ends.getOrDefault(log, Set.of(0L)).contains(offset);
    }

    void checkFiles(FileVerifier files) throws IOException {
        FileVerifier.UniqueRows samples = files.new UniqueRows(Sample.getClassSchema(), List.of("sample_id"));
        FileVerifier.UniqueRows slots =
                files.new UniqueRows(Rejection.getClassSchema(), List.of("terminal", "run_id", "slot_id"));
        for (Map.Entry<Chain, List<Commit>> chain : walked.entrySet()) {
            boolean kept = chain.getKey().id().topic().equals(Topics.SAMPLES.name());
            for (Commit commit : chain.getValue()) {
                Optional<Path> file = file(chain.getKey(), commit, files);
                if (file.isPresent() && commit.data() != null) {
                    (kept ? samples : slots).check(commit.data(), file.get(), kept ? "" : "true", TWICE);
                }
            }
        }
    }

    private Optional<Path> file(Chain chain, Commit commit, FileVerifier files) throws IOException {
        String key = chain.id().commitKey(commit.from());
        if (!commit.datasetId().equals(dataset.id())) {
            verificationReport.addProblem(key, "is a commit of dataset " + commit.datasetId(), RESTORE);
        }
        Optional<Purges.CommittedFile> data = purges.currentFile(commit);
        if (data.isEmpty()) {
            return Optional.empty();
        }
        Purges.CommittedFile file = data.get();
        return files.verifyParquet(
                new FileVerifier.ExpectedFile(file.key(), file.bytes(), file.sha256(), key, RESTORE), file.rows());
    }

    long commits() {
        return walked.values().stream().mapToLong(List::size).sum();
    }
}

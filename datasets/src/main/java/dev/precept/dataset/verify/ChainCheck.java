package dev.precept.dataset.verify;

import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Rewrites;
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
    private final Rewrites rewrites;
    private final VerificationReport verificationReport;
    private final Map<Chain, List<Commit>> walked = new HashMap<>();
    private final Map<String, Set<Long>> ends = new HashMap<>();

    ChainCheck(Dataset dataset, Rewrites rewrites, VerificationReport verificationReport) {
        this.dataset = dataset;
        this.rewrites = rewrites;
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
            chain.getValue().forEach(commit -> checkDataset(chain.getKey(), commit));
            for (FileRange range : rewrites.ranges(chain.getKey().id(), chain.getValue())) {
                checkCommits(range, chain.getValue());
                Optional<CommittedFile> stored = range.file();
                Optional<Path> file = stored.isEmpty() ? Optional.empty() : file(range, stored.get(), files);
                if (file.isPresent() && stored.isPresent()) {
                    (kept ? samples : slots).check(stored.get().key(), file.get(), kept ? "" : "true", TWICE);
                }
            }
        }
    }

    private void checkDataset(Chain chain, Commit commit) {
        if (!commit.datasetId().equals(dataset.id())) {
            verificationReport.addProblem(
                    chain.id().commitKey(commit.from()), "is a commit of dataset " + commit.datasetId(), RESTORE);
        }
    }

    /** The commits that a rewrite names must be those of the chain, or rows would be read as those of another commit. */
    private void checkCommits(FileRange range, List<Commit> commits) {
        List<Long> expected = commits.stream()
                .map(Commit::from)
                .filter(from -> range.from() <= from && from < range.to())
                .toList();
        List<Long> named =
                range.commits().stream().map(FileRange.CommitRows::from).toList();
        if (!expected.equals(named)) {
            verificationReport.addProblem(
                    Layout.REWRITES_DONE,
                    "names other commits from " + range.from() + " to " + range.to() + " of "
                            + range.chain().logFolder() + " than there are",
                    "put the rewrites or the commits back from a backup");
        }
    }

    private Optional<Path> file(FileRange range, CommittedFile file, FileVerifier files) throws IOException {
        String key = range.chain().commitKey(range.from());
        return files.verifyParquet(
                new FileVerifier.ExpectedFile(file.key(), file.bytes(), file.sha256(), key, RESTORE), file.rows());
    }

    /** The commits that were reached from offset 0, by chain. */
    Map<ChainId, List<Commit>> walked() {
        Map<ChainId, List<Commit>> commits = new HashMap<>();
        walked.forEach((chain, list) -> commits.put(chain.id(), list));
        return commits;
    }

    long commits() {
        return walked.values().stream().mapToLong(List::size).sum();
    }
}

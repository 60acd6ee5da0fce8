package dev.precept.dataset.verify;

import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.ChainReader;
import dev.precept.dataset.chain.Checkpoints;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.spool.Spool;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Walks every chain from offset 0 and verifies the data files against the commits. */
final class ChainCheck {
    private static final String RESTORE = "put it back from a backup; no version can be made of this chain without it";
    private static final String TWICE = "a slot has at most one row, so do not release from this dataset";

    /** The character after the slash: it sorts after all keys of a folder. */
    private static final String AFTER_SLASH = "0";

    private final Dataset dataset;
    private final Rewrites rewrites;
    private final VerificationReport verificationReport;
    private final Map<Chain, List<Commit>> walked = new LinkedHashMap<>();
    private final Map<String, Set<Long>> ends = new HashMap<>();

    ChainCheck(Dataset dataset, Rewrites rewrites, VerificationReport verificationReport) {
        this.dataset = dataset;
        this.rewrites = rewrites;
        this.verificationReport = verificationReport;
    }

    /** Reads every commit itself, without checkpoints, and compares the checkpoints with them. */
    void walk(List<String> topics) throws IOException {
        Set<String> unknown = logFolders();
        List<Chain> chains = new ArrayList<>();
        for (String topic : topics) {
            chains.addAll(dataset.chainsOf(topic));
        }
        List<ChainCommits> read =
                ChainReader.withoutCheckpoints(dataset.store()).read(chains);
        for (ChainCommits chain : read) {
            unknown.remove(chain.chain().id().logFolder());
            check(chain);
        }
        unknown.forEach(folder -> verificationReport.addProblem(
                folder,
                "no run of this dataset writes this chain",
                "restore the runs/ key that names its topic id, or move the folder away"));
        for (Checkpoints.Invalid each : new Checkpoints(dataset.store()).verify(read)) {
            verificationReport.addProblem(
                    each.key(), each.why(), "delete it; readers ignore it, and a release stores it again");
        }
    }

    /** The folders of all chains, with one request for each. */
    private Set<String> logFolders() throws IOException {
        Set<String> folders = new TreeSet<>();
        String after = "";
        for (Optional<String> next = firstKey(after); next.isPresent(); next = firstKey(after)) {
            String key = next.get();
            String folder = key.substring(0, key.lastIndexOf('/') + 1);
            folders.add(folder);
            after = folder.equals(Layout.LOG) ? key : folder.substring(0, folder.length() - 1) + AFTER_SLASH;
        }
        return folders;
    }

    private Optional<String> firstKey(String after) throws IOException {
        List<String> first = new ArrayList<>();
        dataset.store().visitObjects(Layout.LOG, after, object -> {
            first.add(object.key());
            return false;
        });
        return first.stream().findFirst();
    }

    private void check(ChainCommits chain) {
        ChainId id = chain.chain().id();
        Set<Long> to = new HashSet<>(Set.of(0L));
        chain.commits().forEach(commit -> {
            verificationReport.referenced(id.commitKey(commit.from()));
            to.add(commit.to());
        });
        walked.put(chain.chain(), chain.commits());
        ends.put(id.logFolder(), to);
        List<String> loose = chain.loose().stream()
                .filter(key -> ChainId.parseCommitKey(key).isPresent())
                .toList();
        loose.forEach(verificationReport::referenced);
        String next = id.commitKey(chain.to());
        if (chain.broken().isPresent()) {
            verificationReport.addProblem(
                    next, "cannot be read (" + chain.broken().get().getMessage() + ")", RESTORE);
        } else if (!loose.isEmpty()) {
            verificationReport.addProblem(
                    next,
                    "is missing: the chain from offset 0 ends at " + chain.to() + ", and " + loose.size()
                            + " commits are stored after that, the first is " + loose.getFirst(),
                    RESTORE);
        }
    }

    /** Whether a commit of the chain ends at this offset; 0 is the start of every chain. */
    boolean hasBoundaryAt(String log, long offset) {
        return ends.getOrDefault(log, Set.of(0L)).contains(offset);
    }

    void checkFiles(FileVerifier verifier, Spool spool) throws IOException {
        List<UniqueRows.RowsFile> samples = new ArrayList<>();
        List<UniqueRows.RowsFile> slots = new ArrayList<>();
        for (Map.Entry<Chain, List<Commit>> chain : walked.entrySet()) {
            boolean kept = chain.getKey().id().topic().equals(Topics.SAMPLES.name());
            chain.getValue().forEach(commit -> checkDataset(chain.getKey(), commit));
            for (FileRange range : rewrites.ranges(chain.getKey().id(), chain.getValue())) {
                checkCommits(range, chain.getValue());
                range.file().ifPresent(file -> (kept ? samples : slots).add(rowsFile(range, file)));
            }
        }
        new UniqueRows(verifier, verificationReport, spool, Sample.getClassSchema(), List.of("sample_id"))
                .check(samples, "", TWICE);
        List<String> slotColumns = List.of("terminal", "run_id", "slot_id");
        new UniqueRows(verifier, verificationReport, spool, Rejection.getClassSchema(), slotColumns)
                .check(slots, "true", TWICE);
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

    private static UniqueRows.RowsFile rowsFile(FileRange range, CommittedFile file) {
        String key = range.chain().commitKey(range.from());
        return new UniqueRows.RowsFile(
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

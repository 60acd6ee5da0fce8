package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.neardup.Match;
import dev.precept.dataset.neardup.SimilarTexts;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Places similar prompts in one split. Every committed prompt belongs to the first of the versions whose offsets cover it; the
 * prompts of earlier versions come first, then the order in which samples were requested. A version without clusters placed
 * its prompts by its share. Else a prompt takes the split of the similar ones before it; if these are in both splits, it is a
 * bridge and gets none; if there is none, its share decides. So what is placed never moves when rows are added. For one thread.
 */
final class PromptPlacement {
    /** Number of the version, and the order of the request. */
    private static final int ORDER_BYTES = 1 + Integer.BYTES + Candidate.SEQ_BYTES;

    /** By prompt: prompt, order, sample. */
    private static final int BY_PROMPT = 2 * Hash.BYTES + ORDER_BYTES;

    /** In order: order, prompt, sample. */
    private static final int VERSION = 0;

    private static final int PROMPT = ORDER_BYTES;
    private static final int ID = PROMPT + Hash.BYTES;
    private static final int NUMBERED = Hash.BYTES + Integer.BYTES;

    /** Bytes on disk of a placed prompt, beside what is compared, with those that are not where the share places them. */
    static final long BYTES_OF_PROMPT = BY_PROMPT + NUMBERED + 4L * Hash.BYTES;

    private final List<Manifest.EarlierSplits> versions;
    private final Spool spool;
    private final int threads;
    private final double leastThreshold;
    private final BitSet validation = new BitSet();
    private final BitSet bridges = new BitSet();

    private PromptPlacement(List<Manifest.EarlierSplits> versions, Spool spool, int threads) {
        this.versions = versions;
        this.spool = spool;
        this.threads = threads;
        this.leastThreshold = leastThreshold(versions);
    }

    /** Receives prompts that were placed. */
    interface Receiver {
        /**
         * @param version number of the version that it belongs to
         * @param split empty for a bridge
         */
        void accept(byte[] prompt, int version, Optional<Split> split) throws IOException;
    }

    /**
     * Places every prompt.
     *
     * @param versions the earlier ones, and the one that is made last
     * @param rows of the last one
     */
    static void run(
            Dataset dataset,
            List<Manifest.EarlierSplits> versions,
            CommittedRows rows,
            Spool spool,
            int threads,
            Receiver receiver)
            throws IOException {
        PromptPlacement placement = new PromptPlacement(versions, spool, threads);
        try (EntryTable prompts = placement.prompts(dataset, rows);
                EntryTable numbers = placement.numbers(prompts);
                SimilarTexts similar = new SimilarTexts(
                        spool, "placement", Math.toIntExact(prompts.entries()), leastThreshold(versions))) {
            new SignedRows(rows, id -> find(numbers, id), hasAttempts(versions), threads)
                    .read(SignedRows.Kind.PROMPT, similar, _ -> true);
            for (int number = 0; number < prompts.entries(); number++) {
                byte[] prompt = prompts.get(number);
                placement.place(number, prompt, similar);
                receiver.accept(Arrays.copyOfRange(prompt, PROMPT, ID), prompt[VERSION], placement.splitOf(number));
            }
        }
    }

    /** Bytes on disk of a row at most while the rows of all versions are sorted by prompt, and their prompts into their order. */
    static long sortedBytesOfRow(int versions) {
        return (Math.max(versions, 2) + 1L) * BY_PROMPT;
    }

    /** The versions whose prompts are placed: earlier ones, and the one that is made last. */
    static List<Manifest.EarlierSplits> versions(Manifest.ReleaseRecipe recipe) {
        List<Manifest.EarlierSplits> versions = new ArrayList<>(recipe.earlierSplits());
        versions.add(SplitSettings.last("", recipe, SplitSettings.mayHaveAttempts(recipe), List.of()));
        return versions;
    }

    static boolean hasAttempts(List<Manifest.EarlierSplits> versions) {
        return versions.stream().anyMatch(Manifest.EarlierSplits::attempts);
    }

    /** The lowest threshold by which a version compares prompts. */
    static double leastThreshold(List<Manifest.EarlierSplits> versions) {
        return versions.stream()
                .flatMap(version -> version.similar().stream())
                .mapToDouble(threshold -> threshold)
                .min()
                .orElseThrow();
    }

    private Optional<Split> splitOf(int number) {
        return bridges.get(number)
                ? Optional.empty()
                : Optional.of(validation.get(number) ? Split.VALIDATION : Split.TRAIN);
    }

    private void place(int number, byte[] entry, SimilarTexts similar) throws IOException {
        Manifest.EarlierSplits version = versions.get(entry[VERSION]);
        boolean byShare = new SplitAssigner(version.validation())
                        .splitOf(Hash.from(entry, PROMPT).toString())
                == Split.VALIDATION;
        double threshold = version.similar().orElse(leastThreshold);
        boolean inTrain = false;
        boolean inValidation = false;
        for (Match match : similar.similar(number)) {
            if (match.similarity() >= threshold) {
                inTrain |= !validation.get(match.text());
                inValidation |= validation.get(match.text());
            }
        }
        boolean isPlacedByShare = version.similar().isEmpty() || !(inTrain || inValidation);
        if (!isPlacedByShare && inTrain && inValidation) {
            bridges.set(number);
            return;
        }
        boolean placed = isPlacedByShare ? byShare : inValidation;
        validation.set(number, placed);
        if (placed ? !inValidation : !inTrain) {
            similar.keep(number); // later ones are compared with one of each split
        }
    }

    private static int find(EntryTable numbers, byte[] id) {
        long row = numbers.find(id);
        return row < numbers.entries() && numbers.compare(row, id) == 0 ? numbers.getInt(row, Hash.BYTES) : -1;
    }

    /** All prompts in order, each with its first row. */
    private EntryTable prompts(Dataset dataset, CommittedRows rows) throws IOException {
        long most = rows.files(Topics.SAMPLES.name()).stream()
                .mapToLong(StoredRows::rows)
                .sum();
        int bits = EntryBuckets.bitsFor(most);
        EntryBuckets byPrompt = new EntryBuckets(spool, "placed-by-prompt", BY_PROMPT, bits);
        RunOrder order = new RunOrder(rows.runs());
        for (int version = 0; version < versions.size(); version++) {
            boolean isLast = version == versions.size() - 1;
            CommittedRows covered = isLast ? rows : CommittedRows.loadForSplits(dataset, versions.get(version));
            read(covered, (byte) version, versions.get(version).attempts(), order, byPrompt);
        }
        EntryBuckets ordered = new EntryBuckets(spool, "placed-ordered", BY_PROMPT, 0);
        byte[] last = new byte[Hash.BYTES];
        boolean[] started = {false};
        byte[] entry = new byte[BY_PROMPT];
        for (int bucket = 0; bucket < byPrompt.buckets(); bucket++) {
            byPrompt.forEachSorted(bucket, (_, _) -> {}, (data, at) -> {
                if (!started[0] || !Arrays.equals(last, 0, Hash.BYTES, data, at, at + Hash.BYTES)) {
                    started[0] = true;
                    System.arraycopy(data, at, last, 0, Hash.BYTES);
                    ByteBuffer.wrap(entry)
                            .put(data, at + Hash.BYTES, ORDER_BYTES)
                            .put(data, at, Hash.BYTES)
                            .put(data, at + Hash.BYTES + ORDER_BYTES, Hash.BYTES);
                    ordered.add(entry);
                }
            });
            byPrompt.delete(bucket);
        }
        return table("placed", BY_PROMPT, ordered);
    }

    private EntryTable table(String name, int width, EntryBuckets from) throws IOException {
        EntryTable table = new EntryTable(spool, name, width, from.entries());
        long[] position = {0};
        for (int bucket = 0; bucket < from.buckets(); bucket++) {
            from.forEachSorted(
                    bucket,
                    (_, _) -> {},
                    (data, at) -> table.put(position[0]++, Arrays.copyOfRange(data, at, at + width), 0));
            from.delete(bucket);
        }
        return table;
    }

    private EntryTable numbers(EntryTable prompts) throws IOException {
        EntryBuckets byId = new EntryBuckets(spool, "placed-by-id", NUMBERED, EntryBuckets.bitsFor(prompts.entries()));
        for (int number = 0; number < prompts.entries(); number++) {
            byId.add(ByteBuffer.allocate(NUMBERED)
                    .put(prompts.get(number), ID, Hash.BYTES)
                    .putInt(number)
                    .array());
        }
        return table("placed-numbers", NUMBERED, byId);
    }

    private void read(CommittedRows rows, byte version, boolean attempts, RunOrder order, EntryBuckets into)
            throws IOException {
        Map<String, Integer> ranks = new ConcurrentHashMap<>();
        List<StoredRows> samples = rows.files(Topics.SAMPLES.name());
        List<StoredRows> rejections = attempts ? rows.files(Topics.REJECTIONS.name()) : List.of();
        Parallel.inOrder(
                threads,
                samples.size() + rejections.size(),
                n -> {
                    if (n < samples.size()) {
                        CommittedFileRows.forEachKey(
                                rows,
                                samples.get(n),
                                false,
                                sample -> add(
                                        sample, version, ranks.computeIfAbsent(sample.getRunId(), order::rank), into));
                    } else {
                        CommittedFileRows.forEach(
                                rows, rejections.get(n - samples.size()), Rejection.class, rejection -> {
                                    Optional<Sample> tried = RejectedAttempts.promptOf(rejection);
                                    if (tried.isPresent()) {
                                        add(
                                                tried.get(),
                                                version,
                                                ranks.computeIfAbsent(rejection.getRunId(), order::rank),
                                                into);
                                    }
                                });
                    }
                    return n;
                },
                _ -> {});
    }

    private static void add(Sample row, byte version, int run, EntryBuckets into) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(BY_PROMPT);
        Hash.of(row.getPromptId()).putInto(entry);
        entry.put(version).putInt(run);
        Candidate.putSeq(entry, row.getDedup().getSeq());
        Hash.of(row.getSampleId()).putInto(entry);
        into.add(entry.array());
    }
}

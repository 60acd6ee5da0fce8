package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.SortedEntries;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of each row kind, and the removed samples, made from the intermediate files. */
final class RowIndexes implements AutoCloseable {
    private final IndexFiles files;
    private final PromptSplits promptSplits;
    private final Map<RowKind, Map<Split, RowIndex>> rows = new EnumMap<>(RowKind.class);
    private final RemovedSamples removed;
    private final Map<Split, Long> prompts = new EnumMap<>(Split.class);
    private final Map<Split, Long> heldPrompts = new EnumMap<>(Split.class);
    private final Map<Long, Long> promptsBySamples = new TreeMap<>();
    private final Map<Byte, Long> promptsByRisk = new TreeMap<>();

    private RowIndexes(IndexFiles files, PromptSplits promptSplits, Spool spool) throws IOException {
        this.files = files;
        this.promptSplits = promptSplits;
        this.removed = new RemovedSamples(spool);
        List<RowKind> kinds = new ArrayList<>(List.of(RowKind.SAMPLE));
        if (files.hasPrompts()) {
            kinds.add(RowKind.PROMPT);
        }
        if (files.hasPairs()) {
            kinds.add(RowKind.PAIR);
        }
        for (RowKind kind : kinds) {
            Map<Split, RowIndex> splits = new EnumMap<>(Split.class);
            for (Split split : Split.values()) {
                splits.put(split, new RowIndex(kind, split, spool));
            }
            rows.put(kind, splits);
        }
    }

    /**
     * Sorts the intermediate files, which are deleted.
     *
     * @throws IOException if a sample is committed twice
     */
    static RowIndexes make(IndexFiles files, PromptSplits promptSplits, double gap, Spool spool, int threads)
            throws IOException {
        RowIndexes indexes = new RowIndexes(files, promptSplits, spool);
        try {
            indexes.fill(gap, threads);
            return indexes;
        } catch (IOException | RuntimeException | Error e) {
            indexes.close();
            throw e;
        }
    }

    private void fill(double gap, int threads) throws IOException {
        Parallel.inOrder(threads, files.keptPrompts.buckets(), this::countPrompts, this::addPrompts);
        Parallel.inOrder(threads, files.kept.buckets(), this::samples, this::append);
        if (files.hasPrompts()) {
            Parallel.inOrder(threads, files.prompts.buckets(), this::prompts, this::append);
        }
        if (files.hasPairs()) {
            Parallel.inOrder(threads, files.judged.buckets(), bucket -> pairs(bucket, gap), this::append);
        }
    }

    RowIndex of(RowKind rowKind, Split split) {
        RowIndex index = rows.getOrDefault(rowKind, Map.of()).get(split);
        if (index == null) {
            throw new IllegalArgumentException("there are no rows of " + rowKind + " in " + split);
        }
        return index;
    }

    List<RowIndex> all() {
        return rows.values().stream()
                .flatMap(splits -> splits.values().stream())
                .toList();
    }

    /** Prompts of the kept samples. */
    Map<Split, Long> prompts() {
        return prompts;
    }

    /** These prompts that are in a split since an earlier version placed them there by its own share. */
    Map<Split, Long> heldPrompts() {
        return heldPrompts;
    }

    /**
     * @param bySamples prompts by their number of kept samples
     * @param byRisk prompts by the highest code of their samples
     */
    private record PromptCounts(
            Map<Split, Long> bySplit, Map<Split, Long> held, Map<Long, Long> bySamples, Map<Byte, Long> byRisk) {
        void end(long samples, byte risk) {
            if (samples > 0) {
                bySamples.merge(samples, 1L, Long::sum);
                byRisk.merge(risk, 1L, Long::sum);
            }
        }
    }

    private PromptCounts countPrompts(int bucket) throws IOException {
        PromptCounts counts = new PromptCounts(
                new EnumMap<>(Split.class), new EnumMap<>(Split.class), new TreeMap<>(), new TreeMap<>());
        byte[] before = new byte[Hash.BYTES];
        long[] samples = {0};
        byte[] risk = {RiskTable.NONE};
        files.keptPrompts.forEachSorted(bucket, (data, at) -> {}, (data, at) -> {
            if (samples[0] == 0 || !Arrays.equals(before, 0, before.length, data, at, at + before.length)) {
                counts.end(samples[0], risk[0]);
                samples[0] = 0;
                System.arraycopy(data, at, before, 0, before.length);
                Split split = promptSplits.splitOf(before, 0);
                counts.bySplit.merge(split, 1L, Long::sum);
                counts.held.merge(split, promptSplits.isHeld(before) ? 1L : 0L, Long::sum);
            }
            samples[0]++;
            risk[0] = data[at + Hash.BYTES]; // the last one of a prompt is the highest
        });
        counts.end(samples[0], risk[0]);
        files.keptPrompts.delete(bucket);
        return counts;
    }

    private void addPrompts(PromptCounts counts) {
        counts.bySplit.forEach((split, count) -> prompts.merge(split, count, Long::sum));
        counts.held.forEach((split, count) -> heldPrompts.merge(split, count, Long::sum));
        counts.bySamples.forEach((samples, count) -> promptsBySamples.merge(samples, count, Long::sum));
        counts.byRisk.forEach((risk, count) -> promptsByRisk.merge(risk, count, Long::sum));
    }

    /** Prompts of the kept samples, by the number of these samples. */
    Map<Long, Long> promptsBySamples() {
        return promptsBySamples;
    }

    /** Prompts of the kept samples, by the code of their risk. */
    Map<Byte, Long> promptsByRisk() {
        return promptsByRisk;
    }

    RemovedSamples removed() {
        return removed;
    }

    /** Sorted rows of one bucket. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bucket(RowKind rowKind, Map<Split, ByteArrayOutputStream> rows, byte[] removed) {}

    private void append(Bucket bucket) throws IOException {
        for (Map.Entry<Split, ByteArrayOutputStream> split : bucket.rows.entrySet()) {
            of(bucket.rowKind, split.getKey()).append(split.getValue().toByteArray());
        }
        removed.append(bucket.removed);
    }

    private Bucket samples(int number) throws IOException {
        SortedEntries kept = files.kept.load(number);
        Map<Split, ByteArrayOutputStream> splits = new EnumMap<>(Split.class);
        for (int n = 0; n < kept.size(); n++) {
            int at = kept.offset(n);
            if (n > 0) {
                requireDifferent(kept.data(), kept.offset(n - 1), kept.data(), at);
            }
            Split split = IndexFiles.split(kept.data()[at + Hash.BYTES]);
            splits.computeIfAbsent(split, _ -> new ByteArrayOutputStream()).write(kept.data(), at, Hash.BYTES);
        }
        byte[] left = removed(number, kept);
        files.kept.delete(number);
        files.removed.delete(number);
        return new Bucket(RowKind.SAMPLE, splits, left);
    }

    private byte[] removed(int number, SortedEntries kept) throws IOException {
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        byte[] before = new byte[RemovedEntry.WIDTH];
        files.removed.forEachSorted(number, (data, offset) -> {}, (data, at) -> {
            if (RemovedEntry.Reason.of(data[at + RemovedEntry.REASON]).isKept()) {
                left.write(data, at, RemovedEntry.WIDTH);
                return;
            }
            boolean isWithdrawn = data[at + RemovedEntry.REASON] == RemovedEntry.Reason.WITHDRAWN.code();
            if (isWithdrawn && Arrays.equals(before, 0, before.length, data, at, at + before.length)) {
                return; // a sample that is committed twice can be withdrawn
            }
            if (!isWithdrawn) {
                if (left.size() > 0 && before[RemovedEntry.REASON] != RemovedEntry.Reason.WITHDRAWN.code()) {
                    requireDifferent(before, 0, data, at);
                }
                if (kept.contains(data, at, Hash.BYTES)) {
                    throw committedTwice(data, at);
                }
            }
            System.arraycopy(data, at, before, 0, before.length);
            left.write(before, 0, before.length);
        });
        return left.toByteArray();
    }

    private static void requireDifferent(byte[] data, int at, byte[] other, int otherAt) throws IOException {
        if (Arrays.equals(data, at, at + Hash.BYTES, other, otherAt, otherAt + Hash.BYTES)) {
            throw committedTwice(data, at);
        }
    }

    private static IOException committedTwice(byte[] data, int at) {
        return new IOException("sample " + Hash.from(data, at)
                + " is committed twice; a slot has at most one sample, so this dataset cannot be trusted");
    }

    private Bucket prompts(int number) throws IOException {
        Map<Split, ByteArrayOutputStream> splits = new EnumMap<>(Split.class);
        PromptSelection prompts = new PromptSelection((row, needsJson) -> {
            if (promptSplits.isBridge(row, 0)) {
                return;
            }
            splits.computeIfAbsent(promptSplits.splitOf(row, 0), _ -> new ByteArrayOutputStream())
                    .writeBytes(row);
            if (needsJson) {
                files.needsJson.set(true);
            }
        });
        files.prompts.forEachSorted(
                number, (data, at) -> replaceByRank(data, at + Hash.BYTES, files.excerpts), prompts::accept);
        prompts.finish();
        files.prompts.delete(number);
        return new Bucket(RowKind.PROMPT, splits, new byte[0]);
    }

    private Bucket pairs(int number, double gap) throws IOException {
        Map<Split, ByteArrayOutputStream> splits = new EnumMap<>(Split.class);
        PairSelection pairs = new PairSelection(
                gap,
                row -> splits.computeIfAbsent(promptSplits.splitOf(row, 0), _ -> new ByteArrayOutputStream())
                        .writeBytes(row));
        files.judged.forEachSorted(
                number, (data, at) -> replaceByRank(data, at + JudgedEntry.RUN, files.runs), pairs::accept);
        pairs.finish();
        files.equalPairs.addAndGet(pairs.equal());
        if (pairs.needsJson()) {
            files.needsJson.set(true);
        }
        files.judged.delete(number);
        return new Bucket(RowKind.PAIR, splits, new byte[0]);
    }

    /** Numbers are assigned as rows are read; ranks do not depend on that. */
    private static void replaceByRank(byte[] data, int at, TextNumbers numbers) {
        ByteBuffer qualifier = ByteBuffer.wrap(data, at, Integer.BYTES);
        int number = qualifier.getInt(at);
        qualifier.putInt(at, numbers.rank(number));
    }

    @Override
    public void close() throws IOException {
        for (RowIndex index : all()) {
            index.close();
        }
        removed.close();
    }
}

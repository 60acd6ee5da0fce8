package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Candidates in the order in which samples were requested, on disk, and which of them a version leaves out. The number of a
 * candidate is its position in that order. Reads may be concurrent; one thread leaves candidates out.
 */
final class OrderedCandidates implements AutoCloseable {
    /** On disk at most: while they are sorted, candidates are there twice. */
    static final long BYTES_OF_ROW = 2L * Candidate.WIDTH + Integer.BYTES;

    private static final int NUMBERED = Hash.BYTES + Integer.BYTES;

    private final IndexFiles files;
    private final EntryTable candidates;
    private final EntryTable numbers;
    private final EntryTable firstOfPrompt;
    private final BitSet leftOut = new BitSet();

    private OrderedCandidates(IndexFiles files, EntryTable candidates, EntryTable numbers, EntryTable firstOfPrompt) {
        this.files = files;
        this.candidates = candidates;
        this.numbers = numbers;
        this.firstOfPrompt = firstOfPrompt;
    }

    /** Sorts the candidates without exact duplicates, whose files are deleted. */
    static OrderedCandidates sort(IndexFiles files, OrderScale scale, Spool spool) throws IOException {
        long rows = files.unique.entries();
        int bits = EntryBuckets.bitsFor(rows);
        Tables tables = new Tables();
        try {
            EntryTable candidates = tables.add(new EntryTable(spool, "ordered", Candidate.WIDTH, rows));
            sort(
                    files.unique,
                    scale,
                    new EntryBuckets(spool, "order", Integer.BYTES + Candidate.WIDTH, bits),
                    candidates);
            EntryTable numbers = tables.add(new EntryTable(spool, "numbers", NUMBERED, rows));
            copy(
                    numbered(candidates, Candidate.ID, new EntryBuckets(spool, "by-id", NUMBERED, bits)),
                    (n, data, at) -> numbers.put(n, Arrays.copyOfRange(data, at, at + NUMBERED), 0));
            EntryTable first = tables.add(new EntryTable(spool, "first-of-prompt", Integer.BYTES, rows));
            findFirst(
                    numbered(candidates, Candidate.PROMPT, new EntryBuckets(spool, "by-prompt", NUMBERED, bits)),
                    first);
            return new OrderedCandidates(files, candidates, numbers, first);
        } catch (IOException | RuntimeException | Error e) {
            tables.close();
            throw e;
        }
    }

    /** Tables that are closed together after a failure. */
    private static final class Tables {
        private final java.util.List<EntryTable> all = new java.util.ArrayList<>();

        EntryTable add(EntryTable table) {
            all.add(table);
            return table;
        }

        void close() throws IOException {
            for (EntryTable table : all) {
                table.close();
            }
        }
    }

    /** Receives the entries in order, with their positions. */
    private interface Receiver {
        void accept(long position, byte[] data, int at);
    }

    private static void sort(EntryBuckets unique, OrderScale scale, EntryBuckets order, EntryTable into)
            throws IOException {
        byte[] entry = new byte[Integer.BYTES + Candidate.WIDTH];
        for (int bucket = 0; bucket < unique.buckets(); bucket++) {
            unique.forEachSorted(bucket, (data, at) -> {}, (data, at) -> {
                // The content hash, which is first, goes last: the order decides.
                ByteBuffer.wrap(entry)
                        .putInt(scale.position(data, at))
                        .put(data, at + Candidate.ORDER, Candidate.WIDTH - Candidate.ORDER)
                        .put(data, at, Candidate.ORDER);
                order.add(entry);
            });
            unique.delete(bucket);
        }
        byte[] candidate = new byte[Candidate.WIDTH];
        copy(order, (position, data, at) -> {
            int content = at + entry.length - Candidate.ORDER;
            System.arraycopy(data, content, candidate, 0, Candidate.ORDER);
            System.arraycopy(data, at + Integer.BYTES, candidate, Candidate.ORDER, Candidate.WIDTH - Candidate.ORDER);
            into.put(position, candidate, 0);
        });
    }

    private static EntryBuckets numbered(EntryTable candidates, int field, EntryBuckets into) throws IOException {
        byte[] entry = new byte[NUMBERED];
        for (int n = 0; n < candidates.entries(); n++) {
            ByteBuffer.wrap(entry).put(candidates.get(n), field, Hash.BYTES).putInt(n);
            into.add(entry);
        }
        return into;
    }

    private static void copy(EntryBuckets from, Receiver receiver) throws IOException {
        long[] position = {0};
        for (int bucket = 0; bucket < from.buckets(); bucket++) {
            from.forEachSorted(bucket, (data, at) -> {}, (data, at) -> receiver.accept(position[0]++, data, at));
            from.delete(bucket);
        }
    }

    private static void findFirst(EntryBuckets byPrompt, EntryTable first) throws IOException {
        byte[] prompt = new byte[Hash.BYTES];
        int[] lowest = {-1};
        copy(byPrompt, (_, data, at) -> {
            int number = ByteBuffer.wrap(data).getInt(at + Hash.BYTES);
            if (lowest[0] < 0 || !Arrays.equals(prompt, 0, Hash.BYTES, data, at, at + Hash.BYTES)) {
                System.arraycopy(data, at, prompt, 0, Hash.BYTES);
                lowest[0] = number;
            }
            first.putInt(number, 0, lowest[0]);
        });
    }

    int size() {
        return Math.toIntExact(candidates.entries());
    }

    /** The bytes of a {@link Candidate}. */
    byte[] get(int number) {
        return candidates.get(number);
    }

    /** The first candidate with the prompt of this one. */
    int firstOfPrompt(int number) {
        return firstOfPrompt.getInt(number, 0);
    }

    /** The number of a sample; -1 if it is no candidate. */
    int find(byte[] id) {
        long row = numbers.find(id);
        return row < numbers.entries() && numbers.compare(row, id) == 0 ? numbers.getInt(row, Hash.BYTES) : -1;
    }

    /** The candidate at a position in the order of sample ids. */
    int inOrderOfIds(int rank) {
        return numbers.getInt(rank, Hash.BYTES);
    }

    boolean isKept(int number) {
        return !leftOut.get(number);
    }

    /** Leaves a candidate out of the version, for good. */
    void leaveOut(int number, byte[] removedEntry) throws IOException {
        leftOut.set(number);
        record(number, removedEntry);
    }

    /** Leaves a candidate out of the version; it may be {@linkplain #putBack put back} until this is recorded. */
    void leaveOut(int number) {
        leftOut.set(number);
    }

    void putBack(int number) {
        leftOut.clear(number);
    }

    /** Records why a candidate is left out. */
    void record(int number, byte[] removedEntry) throws IOException {
        files.removed.add(removedEntry);
        if (files.hasPrompts()) {
            files.prompts.add(PromptEntry.excluded(candidates.get(number)));
        }
    }

    /** The id of a candidate. */
    byte[] id(int number) {
        return Arrays.copyOfRange(candidates.get(number), Candidate.ID, Candidate.PROMPT);
    }

    /** Candidates that were not left out. */
    long kept() {
        return (long) size() - leftOut.cardinality();
    }

    @Override
    public void close() throws IOException {
        candidates.close();
        numbers.close();
        firstOfPrompt.close();
    }
}

package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.IdFilter;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * The prompts that an earlier version placed in another split than a share does, sorted, on disk. Reads may be concurrent. Heap
 * is constant, apart from a filter of limited size.
 */
final class SplitExceptions implements AutoCloseable {
    /** A prompt, and the position of the earlier version in the list. */
    static final int WIDTH = Hash.BYTES + 1;

    private static final int BLOCK_ENTRIES = 1 << 11;

    private final SplitAssigner assigner;
    private final List<Manifest.EarlierSplits> earlier;
    private final Spool spool;
    private final Path file;
    private final FileChannel channel;
    private IdFilter filter = new IdFilter(0);
    private long entries;
    private long toValidation;

    private SplitExceptions(SplitAssigner assigner, List<Manifest.EarlierSplits> earlier, Spool spool, String name)
            throws IOException {
        this.assigner = assigner;
        this.earlier = earlier;
        this.spool = spool;
        this.file = spool.file(name);
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Prompts that are given, in any order; they are deleted. */
    static SplitExceptions of(EntryBuckets prompts, SplitAssigner assigner, Spool spool, String name)
            throws IOException {
        SplitExceptions exceptions = new SplitExceptions(assigner, List.of(), spool, name);
        try {
            exceptions.sort(prompts);
            return exceptions;
        } catch (IOException | RuntimeException | Error e) {
            exceptions.close();
            throw e;
        }
    }

    /** Reads the prompts of the earlier versions: one column of the committed files. */
    static SplitExceptions find(
            Dataset dataset, SplitAssigner assigner, List<Manifest.EarlierSplits> earlier, Spool spool, int threads)
            throws IOException {
        SplitExceptions exceptions = new SplitExceptions(assigner, earlier, spool, "split-exceptions");
        try {
            exceptions.fill(dataset, threads);
            return exceptions;
        } catch (IOException | RuntimeException | Error e) {
            exceptions.close();
            throw e;
        }
    }

    private void fill(Dataset dataset, int threads) throws IOException {
        EntryBuckets prompts = null;
        for (int number = 0; number < earlier.size(); number++) {
            CommittedRows rows = CommittedRows.loadForSplits(dataset, earlier.get(number));
            List<StoredRows> samples = rows.files(Topics.SAMPLES.name());
            List<StoredRows> attempts =
                    earlier.get(number).attempts() ? rows.files(Topics.REJECTIONS.name()) : List.of();
            EntryBuckets into = prompts == null
                    ? new EntryBuckets(spool, "earlier-prompts", WIDTH, EntryBuckets.bitsFor(rowsOf(samples)))
                    : prompts;
            prompts = into;
            byte version = (byte) number;
            Parallel.inOrder(
                    threads,
                    samples.size() + attempts.size(),
                    n -> {
                        if (n < samples.size()) {
                            CommittedFileRows.forEachPrompt(rows, samples.get(n), id -> add(into, id, version));
                        } else {
                            CommittedFileRows.forEachTriedPrompt(
                                    rows, attempts.get(n - samples.size()), id -> add(into, id, version));
                        }
                        return n;
                    },
                    _ -> {});
        }
        if (prompts != null) {
            sort(prompts);
        }
    }

    private static long rowsOf(List<StoredRows> files) {
        return files.stream().mapToLong(StoredRows::rows).sum();
    }

    /** Leaves out the prompts that every earlier version placed where the share does. */
    private void add(EntryBuckets into, String promptId, byte version) throws IOException {
        double position = SplitAssigner.position(promptId);
        Split byShare = assigner.splitAt(position);
        if (earlier.stream().anyMatch(each -> splitAt(each, position) != byShare)) {
            into.add(Hash.of(promptId)
                    .putInto(ByteBuffer.allocate(WIDTH))
                    .put(version)
                    .array());
        }
    }

    private static Split splitAt(Manifest.EarlierSplits version, double position) {
        return new SplitAssigner(version.validation()).splitAt(position);
    }

    private void sort(EntryBuckets prompts) throws IOException {
        filter = new IdFilter(prompts.entries());
        ByteBuffer block = ByteBuffer.allocate(BLOCK_ENTRIES * Hash.BYTES);
        byte[] before = new byte[Hash.BYTES];
        for (int bucket = 0; bucket < prompts.buckets(); bucket++) {
            boolean[] started = {false};
            prompts.forEachSorted(bucket, (_, _) -> {}, (data, at) -> {
                if (started[0] && Arrays.equals(before, 0, Hash.BYTES, data, at, at + Hash.BYTES)) {
                    return; // the earliest version decided
                }
                started[0] = true;
                System.arraycopy(data, at, before, 0, Hash.BYTES);
                double position = SplitAssigner.position(Hash.from(before, 0).toString());
                Split byShare = assigner.splitAt(position);
                // Without earlier versions every given prompt is one.
                if (earlier.isEmpty() || splitAt(earlier.get(data[at + Hash.BYTES]), position) != byShare) {
                    toValidation += byShare == Split.VALIDATION ? 1 : 0;
                    filter.add(before, 0);
                    block.put(before);
                    if (!block.hasRemaining()) {
                        append(block);
                    }
                }
            });
            prompts.delete(bucket);
        }
        append(block);
    }

    private void append(ByteBuffer block) throws IOException {
        block.flip();
        spool.charge(block.remaining());
        long at = entries * Hash.BYTES;
        entries += block.remaining() / Hash.BYTES;
        while (block.hasRemaining()) {
            at += channel.write(block, at);
        }
        block.clear();
    }

    /** Prompts that are in train, and by the share would be in validation. */
    long toValidation() {
        return toValidation;
    }

    /** Prompts that are in validation, and by the share would be in train. */
    long toTrain() {
        return entries - toValidation;
    }

    boolean contains(byte[] prompt) throws IOException {
        if (!filter.mayContain(prompt)) {
            return false;
        }
        long low = 0;
        long high = entries - 1;
        ByteBuffer entry = ByteBuffer.allocate(Hash.BYTES);
        while (low <= high) {
            long middle = (low + high) >>> 1;
            entry.clear();
            while (entry.hasRemaining()) {
                if (channel.read(entry, middle * Hash.BYTES + entry.position()) < 0) {
                    throw new IOException(file + " is shorter than what was written");
                }
            }
            int compared = Arrays.compareUnsigned(entry.array(), prompt);
            if (compared == 0) {
                return true;
            } else if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            spool.delete(file, entries * Hash.BYTES);
        }
    }
}

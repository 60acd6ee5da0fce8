package dev.precept.dataset.spool;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one width on disk, in buckets by their leading bits: each bucket is sorted alone, and the buckets in order are
 * all entries in order. The heap holds a small buffer per bucket. Entries may be added by several threads.
 */
public final class EntryBuckets {
    private static final int BUFFER = 16 << 10;
    private static final long SORTED_BYTES = 64L << 20;
    private static final int ENTRIES_OF_BUCKET = 1 << 16;
    private static final int LEAST_BITS = 2;
    private static final int MOST_BITS = 10;

    private final Spool spool;
    private final int width;
    private final int bits;
    private final long sortedBytes;
    private final Bucket[] buckets;

    /**
     * @param name prefix of the files, unique in the spool
     * @param width bytes of an entry, at least 4; its first bits must be evenly distributed
     * @param bits of an entry that choose the bucket; see {@link #bitsFor}
     */
    public EntryBuckets(Spool spool, String name, int width, int bits) {
        this(spool, name, width, bits, SORTED_BYTES);
    }

    EntryBuckets(Spool spool, String name, int width, int bits, long sortedBytes) {
        this.spool = spool;
        this.width = width;
        this.bits = bits;
        this.sortedBytes = Math.min(sortedBytes, (long) SortedEntries.MOST * width);
        this.buckets = new Bucket[1 << bits];
        Arrays.setAll(buckets, number -> new Bucket(spool.file(name + "-" + number)));
    }

    /** Changes an entry when it is read, before it is sorted. */
    public interface Edit {
        void apply(byte[] data, int offset);
    }

    public interface EntryConsumer {
        void accept(byte[] data, int offset) throws IOException;
    }

    /** The bits that give buckets of a size that is quickly sorted in memory. */
    public static int bitsFor(long entries) {
        long buckets = Math.max(1, entries / ENTRIES_OF_BUCKET);
        return Math.clamp(Long.SIZE - Long.numberOfLeadingZeros(buckets), LEAST_BITS, MOST_BITS);
    }

    public int buckets() {
        return buckets.length;
    }

    public void add(byte[] entry) throws IOException {
        int first = (entry[0] & 0xFF) << 24 | (entry[1] & 0xFF) << 16 | (entry[2] & 0xFF) << 8 | (entry[3] & 0xFF);
        buckets[bits == 0 ? 0 : first >>> (Integer.SIZE - bits)].add(entry);
    }

    public long entries() {
        return Arrays.stream(buckets).mapToLong(bucket -> bucket.entries).sum();
    }

    /** Reads a bucket that fits in memory. No entry can be added to it any more. */
    public SortedEntries load(int bucket) throws IOException {
        return buckets[bucket].read(0, buckets[bucket].entries, (data, offset) -> {});
    }

    /** Reads a bucket in order. No entry can be added to it any more. A bucket that does not fit in memory is merged on disk. */
    public void forEachSorted(int bucket, Edit edit, EntryConsumer consumer) throws IOException {
        buckets[bucket].forEachSorted(edit, consumer);
    }

    public void delete(int bucket) throws IOException {
        buckets[bucket].delete();
    }

    private final class Bucket {
        private final Path file;
        private byte @Nullable [] buffer;
        private int filled;
        private long entries;
        private long written;

        Bucket(Path file) {
            this.file = file;
        }

        synchronized void add(byte[] entry) throws IOException {
            byte[] into = buffer == null ? new byte[Math.max(1, BUFFER / width) * width] : buffer;
            buffer = into;
            System.arraycopy(entry, 0, into, filled, width);
            filled += width;
            entries++;
            if (filled == into.length) {
                flush(into);
            }
        }

        private void flush(byte[] from) throws IOException {
            spool.charge(filled);
            // Opened for each block: thousands of open files would exceed the limit of most systems.
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                written += filled;
                out.write(from, 0, filled);
            }
            filled = 0;
        }

        private synchronized void complete() throws IOException {
            byte[] last = buffer;
            if (last != null && filled > 0) {
                flush(last);
            }
            buffer = null;
        }

        SortedEntries read(long from, long to, Edit edit) throws IOException {
            complete();
            byte[] data = new byte[Math.toIntExact((to - from) * width)];
            if (data.length > 0) {
                try (InputStream in = Files.newInputStream(file)) {
                    in.skipNBytes(from * width);
                    if (in.readNBytes(data, 0, data.length) < data.length) {
                        throw new IOException(file + " is shorter than what was written");
                    }
                }
            }
            for (int at = 0; at < data.length; at += width) {
                edit.apply(data, at);
            }
            return SortedEntries.sort(data, width, bits);
        }

        void forEachSorted(Edit edit, EntryConsumer consumer) throws IOException {
            long most = Math.max(1, sortedBytes / width);
            if (entries <= most) {
                SortedEntries all = read(0, entries, edit);
                for (int n = 0; n < all.size(); n++) {
                    consumer.accept(all.data(), all.offset(n));
                }
                return;
            }
            List<Run> runs = new ArrayList<>();
            try {
                for (long from = 0; from < entries; from += most) {
                    runs.add(new Run(spool.file(file.getFileName() + "-run-" + runs.size())));
                    runs.getLast().write(read(from, Math.min(entries, from + most), edit));
                }
                merge(runs, consumer);
            } finally {
                for (Run run : runs) {
                    run.delete();
                }
            }
        }

        void delete() throws IOException {
            buffer = null;
            spool.delete(file, written);
            written = 0;
            entries = 0;
        }
    }

    private void merge(List<Run> runs, EntryConsumer consumer) throws IOException {
        PriorityQueue<Run> next = new PriorityQueue<>((one, other) -> Arrays.compareUnsigned(one.entry, other.entry));
        for (Run run : runs) {
            run.open();
            if (run.next()) {
                next.add(run);
            }
        }
        while (!next.isEmpty()) {
            Run run = next.remove();
            consumer.accept(run.entry, 0);
            if (run.next()) {
                next.add(run);
            }
        }
    }

    /** A sorted part of a bucket, in a file. */
    private final class Run {
        private final Path file;
        private final byte[] entry = new byte[width];
        private long left;
        private long charged;
        private @Nullable DataInputStream in;

        Run(Path file) {
            this.file = file;
        }

        void write(SortedEntries sorted) throws IOException {
            spool.charge((long) sorted.size() * width);
            charged = (long) sorted.size() * width;
            left = sorted.size();
            byte[] ordered = new byte[sorted.size() * width];
            for (int n = 0; n < sorted.size(); n++) {
                System.arraycopy(sorted.data(), sorted.offset(n), ordered, n * width, width);
            }
            Files.write(file, ordered);
        }

        void open() throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        }

        boolean next() throws IOException {
            DataInputStream open = in;
            if (open == null || left == 0) {
                return false;
            }
            open.readFully(entry);
            left--;
            return true;
        }

        void delete() throws IOException {
            if (in != null) {
                in.close();
            }
            spool.delete(file, charged);
            charged = 0;
        }
    }
}

package dev.precept.dataset.neardup;

import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which texts share a band with which kept text. Each band that several texts have is a list on disk with space for all of
 * them, and is empty at first; each text knows its lists.
 */
final class BandIndex implements AutoCloseable {
    /** A band and a text. */
    private static final int BAND_WIDTH = Long.BYTES + Integer.BYTES;

    /** A text and the list of one of its bands. */
    private static final int LIST_WIDTH = Integer.BYTES + Long.BYTES;

    private static final int LIST_BITS = 40;

    private final EntryTable lists;
    private final EntryTable listsOfText;
    private final BitSet texts;

    /** At most: the members of lists are there twice while they are sorted, and a list has at least two. */
    static long bytesOfText(int bands) {
        return bands * (2L * LIST_WIDTH + Integer.BYTES * 3 / 2);
    }

    private BandIndex(EntryTable lists, EntryTable listsOfText, BitSet texts) {
        this.lists = lists;
        this.listsOfText = listsOfText;
        this.texts = texts;
    }

    /** Takes the bands of texts. */
    static final class Builder {
        private final Spool spool;
        private final String name;
        /** Spreads the numbers of texts over all bits, as buckets need. */
        private final int shift;

        private final EntryBuckets bands;
        private final EntryBuckets members;

        /**
         * @param texts number of texts
         * @param bandsOfText expected
         */
        Builder(Spool spool, String name, int texts, int bandsOfText) {
            this.spool = spool;
            this.name = name;
            this.shift = Integer.numberOfLeadingZeros(Math.max(1, texts));
            int bits = EntryBuckets.bitsFor((long) texts * bandsOfText);
            this.bands = new EntryBuckets(spool, name + "-bands", BAND_WIDTH, bits);
            this.members = new EntryBuckets(spool, name + "-members", LIST_WIDTH, bits);
        }

        /** Thread-safe. */
        void add(int text, long[] keys) throws IOException {
            byte[] entry = new byte[BAND_WIDTH];
            ByteBuffer bytes = ByteBuffer.wrap(entry);
            for (long key : keys) {
                bytes.putLong(0, key).putInt(Long.BYTES, text);
                bands.add(entry);
            }
        }

        BandIndex build(int threads) throws IOException {
            long[] first = new long[bands.buckets() + 1];
            Parallel.inOrder(threads, bands.buckets(), bucket -> new long[] {bucket, group(bucket)}, size -> {
                first[(int) size[0] + 1] = first[(int) size[0]] + size[1];
            });
            EntryTable lists = new EntryTable(spool, name + "-lists", Integer.BYTES, first[bands.buckets()]);
            EntryTable ofText = null;
            try {
                ofText = new EntryTable(spool, name + "-lists-of-text", LIST_WIDTH, members.entries());
                return new BandIndex(lists, ofText, fill(ofText, first));
            } catch (IOException | RuntimeException | Error e) {
                lists.close();
                if (ofText != null) {
                    ofText.close();
                }
                throw e;
            }
        }

        /** Names the texts of each band that several texts have; returns the space for their lists. */
        private long group(int bucket) throws IOException {
            Groups groups = new Groups(bucket);
            bands.forEachSorted(bucket, (data, at) -> {}, groups::accept);
            groups.end();
            bands.delete(bucket);
            return groups.next;
        }

        /** Takes the entries of a bucket in order. */
        private final class Groups {
            private final long bucket;
            private final byte[] entry = new byte[LIST_WIDTH];
            private long next;
            private long band;
            private int firstText;
            private int lastText;
            private int size;

            Groups(int bucket) {
                this.bucket = (long) bucket << LIST_BITS;
            }

            void accept(byte[] data, int at) throws IOException {
                ByteBuffer bytes = ByteBuffer.wrap(data);
                long key = bytes.getLong(at);
                int text = bytes.getInt(at + Long.BYTES);
                if (size == 0 || key != band) {
                    end();
                    band = key;
                    firstText = text;
                    size = 1;
                } else if (text != lastText) {
                    if (size == 1) {
                        add(firstText);
                    }
                    add(text);
                    size++;
                }
                lastText = text;
            }

            private void add(int text) throws IOException {
                ByteBuffer.wrap(entry).putInt(text << shift).putLong(bucket | next);
                members.add(entry);
            }

            /** A list has its length, then its texts. */
            void end() {
                next += size > 1 ? size + 1 : 0;
                size = 0;
            }
        }

        private BitSet fill(EntryTable ofText, long[] first) throws IOException {
            BitSet texts = new BitSet();
            long[] row = {0};
            byte[] entry = new byte[LIST_WIDTH];
            for (int bucket = 0; bucket < members.buckets(); bucket++) {
                members.forEachSorted(bucket, (data, at) -> {}, (data, at) -> {
                    ByteBuffer from = ByteBuffer.wrap(data, at, LIST_WIDTH);
                    int text = from.getInt() >>> shift;
                    long list = from.getLong();
                    texts.set(text);
                    ByteBuffer.wrap(entry)
                            .putInt(text)
                            .putLong(first[(int) (list >>> LIST_BITS)] + (list & ((1L << LIST_BITS) - 1)));
                    ofText.put(row[0]++, entry, 0);
                });
                members.delete(bucket);
            }
            return texts;
        }
    }

    /** Whether any other text has a band of this one. */
    boolean hasCandidates(int text) {
        return texts.get(text);
    }

    /** The texts that were kept and share a band, ascending. */
    int[] kept(int text) {
        int[] found = new int[16];
        int size = 0;
        for (long row = firstList(text); row < listsOfText.entries() && listsOfText.getInt(row, 0) == text; row++) {
            long list = listsOfText.getLong(row, Integer.BYTES);
            int length = lists.getInt(list, 0);
            if (found.length < size + length) {
                found = Arrays.copyOf(found, Math.max(size + length, 2 * found.length));
            }
            for (int n = 1; n <= length; n++) {
                found[size++] = lists.getInt(list + n, 0);
            }
        }
        return Arrays.stream(found, 0, size).sorted().distinct().toArray();
    }

    /** Adds a text to the lists of its bands. */
    void keep(int text) {
        for (long row = firstList(text); row < listsOfText.entries() && listsOfText.getInt(row, 0) == text; row++) {
            long list = listsOfText.getLong(row, Integer.BYTES);
            int length = lists.getInt(list, 0) + 1;
            lists.putInt(list + length, 0, text);
            lists.putInt(list, 0, length);
        }
    }

    private long firstList(int text) {
        return listsOfText.find(ByteBuffer.allocate(Integer.BYTES).putInt(text).array());
    }

    @Override
    public void close() throws IOException {
        try {
            lists.close();
        } finally {
            listsOfText.close();
        }
    }
}

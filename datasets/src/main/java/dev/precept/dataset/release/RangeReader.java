package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the rows of a range in order: holds its samples against the row index, in parts that fit in memory. For one thread. */
final class RangeReader {
    private static final long PART_BYTES = 64L << 20;

    private final RowIndex index;
    private final RangeRows samples;
    private final SampleCodec codec = new SampleCodec();

    RangeReader(RowIndex index, RangeRows samples) {
        this.index = index;
        this.samples = samples;
    }

    interface RowConsumer {
        /** @param row all samples of one row, best first */
        void accept(long rank, List<Sample> row) throws IOException;
    }

    /** @throws IOException if a row lacks a sample, or a sample is committed twice */
    void forEach(RowConsumer consumer) throws IOException {
        RowRange range = samples.range();
        long parts = Math.clamp(Math.ceilDiv(samples.encodedBytes(), PART_BYTES), 1, Math.max(1, range.rows()));
        for (long part = 0; part < parts && range.rows() > 0; part++) {
            long from = range.from() + part * range.rows() / parts;
            long to = range.from() + (part + 1) * range.rows() / parts;
            read(from, to, consumer);
        }
    }

    private void read(long from, long to, RowConsumer consumer) throws IOException {
        Members members = new Members(index, from, to);
        byte[][] found = new byte[members.size()][];
        samples.forEach((data, idAt, at, length) -> {
            int member = members.find(data, idAt);
            if (member >= 0) {
                if (found[member] != null) {
                    throw committedTwice(codec.decode(found[member]));
                }
                found[member] = Arrays.copyOfRange(data, at, at + length);
            }
        });
        int width = RowIndex.samplesPerRow(index.rowKind());
        for (int first = 0; first < found.length; first += width) {
            List<Sample> row = new ArrayList<>(width);
            for (int member = first; member < first + width; member++) {
                byte[] sample = found[member];
                if (sample == null) {
                    throw new IOException("sample " + members.id(member) + " was indexed, and is not in the committed"
                            + " files any more; if rows were purged meanwhile, try again");
                }
                row.add(codec.decode(sample));
                found[member] = null;
            }
            consumer.accept(from + first / width, row);
        }
    }

    private static IOException committedTwice(Sample sample) {
        return new IOException("attempt " + sample.getAttempt() + " at slot " + sample.getSlot() + " of prompt "
                + sample.getPromptId() + " is committed twice, so this dataset cannot be trusted");
    }

    /** The sample ids of some rows, in a hash table. */
    private static final class Members {
        private final byte[] ids;
        private final int[] table;
        private final int mask;

        Members(RowIndex index, long from, long to) throws IOException {
            byte[] rows = index.read(from, to);
            int width = RowIndex.width(index.rowKind());
            int first = RowIndex.firstId(index.rowKind());
            ByteBuffer all = ByteBuffer.allocate(rows.length / width * (width - first));
            for (int row = 0; row < rows.length; row += width) {
                all.put(rows, row + first, width - first);
            }
            this.ids = all.array();
            this.table = new int[Integer.highestOneBit(Math.max(1, size())) * 4];
            this.mask = table.length - 1;
            for (int member = 0; member < size(); member++) {
                int slot = slot(ids, member * Hash.BYTES);
                while (table[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = member + 1;
            }
        }

        int size() {
            return ids.length / Hash.BYTES;
        }

        Hash id(int member) {
            return Hash.from(ids, member * Hash.BYTES);
        }

        /** The last bits: ids of one range may have their first bits in common. */
        private int slot(byte[] id, int at) {
            return ByteBuffer.wrap(id).getInt(at + Hash.BYTES - Integer.BYTES) & mask;
        }

        /** The position of a sample; -1 if it is not a member. */
        int find(byte[] id, int at) {
            for (int slot = slot(id, at); table[slot] != 0; slot = (slot + 1) & mask) {
                int member = table[slot] - 1;
                int own = member * Hash.BYTES;
                if (Arrays.equals(id, at, at + Hash.BYTES, ids, own, own + Hash.BYTES)) {
                    return member;
                }
            }
            return -1;
        }
    }
}

package dev.precept.dataset.spool;

import java.nio.ByteBuffer;

/**
 * A Bloom filter of hashes: says of a few percent of other hashes that they are members. Its size has a limit, so with very
 * many members more of the others pass. Reads may be concurrent when no member is added.
 */
public final class IdFilter {
    private static final int BITS_OF_MEMBER = 10;
    private static final long MOST_BITS = 64L << 23;
    private static final int PROBES = 4;

    private final long[] words;
    private final long mask;

    public IdFilter(long members) {
        long wanted = Math.clamp(members * BITS_OF_MEMBER, Long.SIZE, MOST_BITS);
        long bits = Math.min(MOST_BITS, Long.highestOneBit(wanted) * 2);
        this.words = new long[Math.toIntExact(bits / Long.SIZE)];
        this.mask = bits - 1;
    }

    /** @param hash 32 bytes, evenly distributed */
    public void add(byte[] hash, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bytes.getLong(at + probe * Long.BYTES) & mask;
            words[(int) (bit / Long.SIZE)] |= 1L << bit;
        }
    }

    public boolean mayContain(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bytes.getLong(probe * Long.BYTES) & mask;
            if ((words[(int) (bit / Long.SIZE)] & (1L << bit)) == 0) {
                return false;
            }
        }
        return true;
    }
}

package dev.precept.streams.maintenance;

import dev.precept.content.Sha256;

/** The first 128 bits of the SHA-256 of a row key: what is kept in memory of an open slot's name. */
record SlotHash(long high, long low) {
    private static final int HEX_DIGITS = 16;

    static SlotHash of(String rowKey) {
        String hex = Sha256.hex(rowKey);
        return new SlotHash(
                Long.parseUnsignedLong(hex, 0, HEX_DIGITS, 16),
                Long.parseUnsignedLong(hex, HEX_DIGITS, 2 * HEX_DIGITS, 16));
    }

    /** Whether it belongs to one of {@code shares} equal shares of all hashes. */
    boolean isIn(int share, int shares) {
        return Long.remainderUnsigned(high, shares) == share;
    }
}

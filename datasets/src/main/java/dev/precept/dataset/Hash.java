package dev.precept.dataset;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A SHA-256 in 32 bytes, for collections of millions. The order is that of its lower-case hexadecimal text. */
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
    public static final int BYTES = 32;
    private static final int DIGITS = 64;
    private static final int RADIX = 16;

    /** @throws IllegalArgumentException if the text is not 64 hexadecimal digits */
    public static Hash of(String hex) {
        if (hex.length() != DIGITS) {
            throw new IllegalArgumentException("'" + hex + "' is not a SHA-256");
        }
        return new Hash(quarter(hex, 0), quarter(hex, 1), quarter(hex, 2), quarter(hex, 3));
    }

    private static long quarter(String hex, int quarter) {
        return Long.parseUnsignedLong(hex, quarter * RADIX, (quarter + 1) * RADIX, RADIX);
    }

    /** Appends the 32 bytes of the hash, whose unsigned order is that of hashes. */
    public ByteBuffer putInto(ByteBuffer bytes) {
        return bytes.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    /** Reads what {@link #putInto} wrote. */
    public static Hash from(byte[] bytes, int offset) {
        ByteBuffer at = ByteBuffer.wrap(bytes, offset, BYTES);
        return new Hash(at.getLong(), at.getLong(), at.getLong(), at.getLong());
    }

    @Override
    public int compareTo(Hash other) {
        if (a != other.a) {
            return Long.compareUnsigned(a, other.a);
        } else if (b != other.b) {
            return Long.compareUnsigned(b, other.b);
        } else if (c != other.c) {
            return Long.compareUnsigned(c, other.c);
        }
        return Long.compareUnsigned(d, other.d);
    }

    /** A part of a SHA-256 is evenly distributed. */
    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
    }
}

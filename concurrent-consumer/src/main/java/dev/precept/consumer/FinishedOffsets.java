package dev.precept.consumer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.CRC32;

/**
 * The finished offsets above a committed one, as text for the commit's metadata: run lengths or a bitmap, whichever is
 * shorter, with a checksum. A text that is too long is truncated at its end: finished records may be repeated, none is
 * skipped.
 */
final class FinishedOffsets {
    private static final char RUNS = 'r';
    private static final char BITMAP = 'b';
    private static final int LONGEST_VARINT = 5;
    private static final int CHECKSUM_BYTES = 4;

    private FinishedOffsets() {}

    /**
     * @param finished bit i is the offset {@code committed + i}
     * @param maxCharacters of the text
     */
    static String encode(BitSet finished, int maxCharacters) {
        if (finished.isEmpty()) {
            return "";
        }
        int maxBytes = (maxCharacters - 1) / 4 * 3 - CHECKSUM_BYTES;
        if (maxBytes <= 0) {
            return "";
        }
        byte[] runs = runs(finished, maxBytes);
        boolean truncated = decodedLength(runs) < finished.length();
        int bitmapLength = (finished.length() + Byte.SIZE - 1) / Byte.SIZE;
        boolean bitmap = bitmapLength <= maxBytes && (truncated || bitmapLength < runs.length);
        return bitmap ? text(BITMAP, finished.toByteArray()) : text(RUNS, runs);
    }

    /** Empty for metadata that is damaged or of another program. */
    static BitSet decode(String metadata) {
        if (metadata.isEmpty()) {
            return new BitSet();
        }
        char form = metadata.charAt(0);
        byte[] sealed;
        try {
            sealed = Base64.getDecoder().decode(metadata.substring(1));
        } catch (IllegalArgumentException notOurs) {
            return new BitSet();
        }
        byte[] bytes = Arrays.copyOf(sealed, Math.max(0, sealed.length - CHECKSUM_BYTES));
        if (!Arrays.equals(sealed, sealed(form, bytes))) {
            return new BitSet();
        }
        return switch (form) {
            case BITMAP -> BitSet.valueOf(bytes);
            case RUNS -> ofRuns(bytes);
            default -> new BitSet();
        };
    }

    private static byte[] runs(BitSet finished, int maxBytes) {
        ByteBuffer out = ByteBuffer.allocate(maxBytes + 2 * LONGEST_VARINT);
        int complete = 0;
        int at = 0;
        while (at < finished.length() && out.position() <= maxBytes) {
            int start = finished.nextSetBit(at);
            int end = finished.nextClearBit(start);
            put(out, start - at);
            put(out, end - start);
            if (out.position() <= maxBytes) {
                complete = out.position();
            }
            at = end;
        }
        byte[] bytes = new byte[complete];
        out.get(0, bytes);
        return bytes;
    }

    private static BitSet ofRuns(byte[] bytes) {
        BitSet finished = new BitSet();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int at = 0;
        while (in.hasRemaining()) {
            at += get(in);
            int length = in.hasRemaining() ? get(in) : 0;
            finished.set(at, at + length);
            at += length;
        }
        return finished;
    }

    private static int decodedLength(byte[] runs) {
        ByteBuffer in = ByteBuffer.wrap(runs);
        int length = 0;
        while (in.hasRemaining()) {
            length += get(in);
        }
        return length;
    }

    private static String text(char form, byte[] bytes) {
        return form + Base64.getEncoder().withoutPadding().encodeToString(sealed(form, bytes));
    }

    /** The bytes and a checksum, which rejects the metadata of other programs. */
    private static byte[] sealed(char form, byte[] bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(form);
        checksum.update(bytes);
        return ByteBuffer.allocate(bytes.length + CHECKSUM_BYTES)
                .put(bytes)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static void put(ByteBuffer out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static int get(ByteBuffer in) {
        int value = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            value |= (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0 && in.hasRemaining());
        return value;
    }
}

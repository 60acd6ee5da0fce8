package dev.precept.text.contamination;

import dev.precept.text.Signer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiled evaluation sets: hashes, names of sets and row numbers, never their texts. The same sets in the same order give the
 * same bytes on every machine. Immutable.
 *
 * @param method that the sets are compiled for
 * @param sets names, in the order of the recipe
 */
public record EvaluationIndex(MatchMethod method, List<String> sets, List<IndexedItem> items) {
    private static final String MAGIC = "precept evaluation sets 1\n";

    public EvaluationIndex {
        sets = List.copyOf(sets);
        items = List.copyOf(items);
    }

    /** Of a run without evaluation sets. */
    public static EvaluationIndex empty() {
        return new EvaluationIndex(MatchMethod.NGRAM13, List.of(), List.of());
    }

    /** Whether no text can match. */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** The content of the frozen file. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBytes(MAGIC);
            out.writeByte(Signer.VERSION);
            out.writeUTF(method.name());
            out.writeInt(sets.size());
            for (String set : sets) {
                out.writeUTF(set);
            }
            out.writeInt(items.size());
            for (IndexedItem item : items) {
                write(out, item);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a name of more than 64 KiB
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, IndexedItem item) throws IOException {
        out.writeInt(item.set());
        out.writeLong(item.row());
        out.writeInt(item.tokens());
        out.writeLong(item.whole());
        out.writeByte(item.rule().code());
        out.writeInt(item.grams().length);
        for (long gram : item.grams()) {
            out.writeLong(gram);
        }
        out.writeInt(item.parts().length);
        for (int i = 0; i < item.parts().length; i++) {
            out.writeLong(item.parts()[i]);
            out.writeInt(item.lengths()[i]);
        }
    }

    /**
     * Reads a frozen file.
     *
     * @throws IllegalArgumentException if it is none, or of another version
     */
    public static EvaluationIndex read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte[] magic = in.readNBytes(MAGIC.length());
            if (!MAGIC.equals(new String(magic, StandardCharsets.ISO_8859_1))) {
                throw new IllegalArgumentException("not a file of compiled evaluation sets");
            }
            int version = in.readByte();
            if (version != Signer.VERSION) {
                throw new IllegalArgumentException(
                        "compiled by version " + version + " of the tokens, this program has " + Signer.VERSION);
            }
            MatchMethod method = MatchMethod.valueOf(in.readUTF());
            List<String> sets = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                sets.add(in.readUTF());
            }
            List<IndexedItem> items = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                items.add(item(in));
            }
            return new EvaluationIndex(method, sets, items);
        } catch (IOException e) {
            throw new IllegalArgumentException("incomplete file of compiled evaluation sets", e);
        }
    }

    private static IndexedItem item(DataInputStream in) throws IOException {
        int set = in.readInt();
        long row = in.readLong();
        int tokens = in.readInt();
        long whole = in.readLong();
        IndexedItem.Rule rule = IndexedItem.Rule.of(in.readByte());
        long[] grams = new long[length(in)];
        for (int i = 0; i < grams.length; i++) {
            grams[i] = in.readLong();
        }
        long[] parts = new long[length(in)];
        int[] lengths = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = in.readLong();
            lengths[i] = in.readInt();
        }
        return new IndexedItem(set, row, tokens, whole, rule, grams, parts, lengths);
    }

    /** A damaged length must not exhaust the memory. */
    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available() / Long.BYTES) {
            throw new IOException("a length of " + length);
        }
        return length;
    }
}

package dev.precept.streams.neardup;

import dev.precept.records.ShingleHashes;
import dev.precept.text.ShingleSet;
import dev.precept.text.Shingling;
import java.nio.ByteBuffer;
import java.util.List;

/** Shingle sets as records hold them. */
final class Shingles {
    private Shingles() {}

    static List<ShingleHashes> encode(List<ShingleSet> sets) {
        return sets.stream().map(Shingles::encode).toList();
    }

    private static ShingleHashes encode(ShingleSet set) {
        ByteBuffer bytes = ByteBuffer.allocate(set.size() * Integer.BYTES);
        bytes.asIntBuffer().put(set.hashes());
        return new ShingleHashes(set.shingling().name(), bytes);
    }

    static List<ShingleSet> decode(List<ShingleHashes> hashes) {
        return hashes.stream().map(Shingles::decode).toList();
    }

    private static ShingleSet decode(ShingleHashes encoded) {
        int[] hashes = new int[encoded.getHashes().remaining() / Integer.BYTES];
        encoded.getHashes().asIntBuffer().get(hashes); // a view: the position of the record's buffer stays
        return new ShingleSet(Shingling.valueOf(encoded.getShingling()), hashes);
    }
}

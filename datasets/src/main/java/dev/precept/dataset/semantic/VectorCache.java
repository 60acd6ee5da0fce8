package dev.precept.dataset.semantic;

import dev.precept.content.Sha256;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Layout;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Vectors of one model in the store of a dataset, by hash of their texts, in blocks. A block is created once: processes that
 * repeat or share a release use the same vectors, although a server may give others the next time. Thread-safe.
 */
final class VectorCache {
    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    private final ObjectStore store;
    private final String model;
    private final boolean isStoring;

    /** @param isStoring whether new vectors are stored */
    VectorCache(ObjectStore store, String model, boolean isStoring) {
        this.store = store;
        this.isStoring = isStoring;
        this.model = model;
    }

    /**
     * Some vectors.
     *
     * @param hashes of the texts
     */
    record Block(List<byte[]> hashes, List<float[]> vectors) {}

    interface Consumer {
        void accept(byte[] hash, float[] vector) throws IOException;
    }

    /** The keys of all blocks, in a fixed order. */
    List<String> blocks() throws IOException {
        return store.list(Layout.vectors(model));
    }

    /** Reads a block; nothing of one that is damaged, which is computed again. */
    void read(String key, Consumer consumer) throws IOException {
        Optional<byte[]> stored = store.read(key);
        if (stored.isEmpty() || !isWhole(stored.get())) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored.get());
        int count = bytes.getInt();
        int dimensions = bytes.getInt();
        for (int n = 0; n < count; n++) {
            byte[] hash = new byte[Hash.BYTES];
            bytes.get(hash);
            float[] vector = new float[dimensions];
            for (int number = 0; number < dimensions; number++) {
                vector[number] = bytes.getFloat();
            }
            consumer.accept(hash, vector);
        }
    }

    private static boolean isWhole(byte[] block) {
        int end = block.length - Hash.BYTES;
        if (end < HEADER_BYTES) {
            return false;
        }
        MessageDigest digest = Sha256.newDigest();
        digest.update(block, 0, end);
        return Arrays.equals(digest.digest(), 0, Hash.BYTES, block, end, block.length);
    }

    /** The key of the block of some texts. */
    String key(List<byte[]> hashes) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(model.getBytes(StandardCharsets.UTF_8));
        hashes.forEach(digest::update);
        return Layout.vectors(model) + Sha256.hex(digest) + ".bin";
    }

    /** @return false if the block is there, and was not changed */
    boolean store(Block block) throws IOException {
        if (!isStoring) {
            return true;
        }
        int dimensions = block.vectors().getFirst().length;
        int entry = Hash.BYTES + dimensions * Float.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + block.hashes().size() * entry + Hash.BYTES);
        bytes.putInt(block.hashes().size()).putInt(dimensions);
        for (int n = 0; n < block.hashes().size(); n++) {
            bytes.put(block.hashes().get(n));
            for (float number : block.vectors().get(n)) {
                bytes.putFloat(number);
            }
        }
        MessageDigest digest = Sha256.newDigest();
        digest.update(bytes.array(), 0, bytes.position());
        bytes.put(digest.digest());
        return store.createIfAbsent(key(block.hashes()), bytes.array());
    }
}

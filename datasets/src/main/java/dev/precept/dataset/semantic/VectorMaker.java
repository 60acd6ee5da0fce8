package dev.precept.dataset.semantic;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.IdFilter;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.SortedEntries;
import dev.precept.dataset.spool.Spool;
import dev.precept.model.EmbeddingModel;
import dev.precept.model.ModelCallException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the vectors of texts: those of the cache are read, the others are computed and stored there. For one thread. */
final class VectorMaker {
    /** Texts of a block of the cache. */
    static final int BLOCK = 512;

    private static final int CACHED_WIDTH = Hash.BYTES + 2 * Integer.BYTES;
    private static final int HIT_WIDTH = 3 * Integer.BYTES;

    private final TextFile texts;
    private final EmbeddingModel model;
    private final VectorCache cache;
    private final Spool spool;
    private final int rows;
    private final List<TextFile.Text> wave = new ArrayList<>();
    private @Nullable VectorFile vectors;

    /** @param rows of which some have a text */
    VectorMaker(TextFile texts, EmbeddingModel model, VectorCache cache, Spool spool, int rows) {
        this.texts = texts;
        this.model = model;
        this.cache = cache;
        this.spool = spool;
        this.rows = rows;
    }

    /**
     * Makes the vectors. The caller closes the file.
     *
     * @param settings what the estimate says of the endpoint
     * @param listener learns what is left to compute before the model is called
     * @throws ConfigurationException if the model is wrong
     * @throws IOException if it does not answer, or a store or the spool fails
     */
    VectorFile make(SemanticSettings settings, Consumer<SemanticDuplicates.Estimate> listener) throws IOException {
        List<String> blocks = cache.blocks();
        EntryBuckets cached =
                new EntryBuckets(spool, "semantic-cached", CACHED_WIDTH, EntryBuckets.bitsFor(texts.texts()));
        IdFilter known = new IdFilter(texts.texts());
        Misses misses = new Misses();
        try {
            for (int bucket = 0; bucket < texts.buckets(); bucket++) {
                texts.forEach(bucket, text -> known.add(text.hash(), 0));
            }
            for (int block = 0; block < blocks.size(); block++) {
                list(block, blocks.get(block), known, cached);
            }
            EntryBuckets hits = new EntryBuckets(spool, "semantic-hits", HIT_WIDTH, 0);
            join(cached, hits, misses);
            listener.accept(new SemanticDuplicates.Estimate(
                    model.name(),
                    texts.texts(),
                    hits.entries(),
                    misses.count,
                    misses.bytes,
                    model.batch(),
                    settings.url(),
                    settings.price()));
            read(blocks, hits);
            for (int bucket = 0; bucket < misses.entries.buckets(); bucket++) {
                misses.entries.forEachSorted(
                        bucket, (data, at) -> {}, (data, at) -> accept(TextFile.Text.read(data, at)));
                misses.entries.delete(bucket);
            }
            compute();
            return vectors == null ? new VectorFile(spool, "semantic-vectors", rows, 1) : vectors;
        } catch (IOException | RuntimeException | Error e) {
            if (vectors != null) {
                vectors.close();
            }
            throw e;
        }
    }

    /** Texts without a cached vector. */
    private final class Misses {
        private final EntryBuckets entries =
                new EntryBuckets(spool, "semantic-missing", TextFile.TEXT_WIDTH, EntryBuckets.bitsFor(texts.texts()));
        private long count;
        private long bytes;

        void add(TextFile.Text text) throws IOException {
            entries.add(text.entry());
            count++;
            bytes += text.bytes();
        }
    }

    private void list(int block, String key, IdFilter known, EntryBuckets cached) throws IOException {
        int[] position = {0};
        cache.read(key, (hash, vector) -> {
            if (known.mayContain(hash)) {
                cached.add(ByteBuffer.allocate(CACHED_WIDTH)
                        .put(hash)
                        .putInt(block)
                        .putInt(position[0])
                        .array());
            }
            position[0]++;
        });
    }

    private void join(EntryBuckets cached, EntryBuckets hits, Misses misses) throws IOException {
        for (int bucket = 0; bucket < texts.buckets(); bucket++) {
            SortedEntries sorted = cached.load(bucket);
            int[] next = {0};
            texts.forEach(bucket, text -> {
                while (next[0] < sorted.size() && compare(sorted, next[0], text.hash()) < 0) {
                    next[0]++;
                }
                if (next[0] < sorted.size() && compare(sorted, next[0], text.hash()) == 0) {
                    hits.add(ByteBuffer.allocate(HIT_WIDTH)
                            .put(sorted.data(), sorted.offset(next[0]) + Hash.BYTES, 2 * Integer.BYTES)
                            .putInt(text.number())
                            .array());
                } else {
                    misses.add(text);
                }
            });
            cached.delete(bucket);
        }
    }

    private static int compare(SortedEntries entries, int position, byte[] hash) {
        int at = entries.offset(position);
        return Arrays.compareUnsigned(entries.data(), at, at + Hash.BYTES, hash, 0, Hash.BYTES);
    }

    /** Copies cached vectors; hits are in the order of blocks. */
    private void read(List<String> blocks, EntryBuckets hits) throws IOException {
        int[] current = {-1};
        List<float[]> block = new ArrayList<>();
        hits.forEachSorted(0, (data, at) -> {}, (data, at) -> {
            ByteBuffer hit = ByteBuffer.wrap(data, at, HIT_WIDTH);
            int number = hit.getInt();
            if (number != current[0]) {
                block.clear();
                cache.read(blocks.get(number), (_, vector) -> block.add(vector));
                current[0] = number;
            }
            write(block.get(hit.getInt()), hit.getInt());
        });
        hits.delete(0);
    }

    private void accept(TextFile.Text text) throws IOException {
        wave.add(text);
        if (wave.size() == model.concurrency() * BLOCK) {
            compute();
        }
    }

    /** Computes some blocks at a time. */
    private void compute() throws IOException {
        int blocks = Math.ceilDiv(wave.size(), BLOCK);
        Parallel.inOrder(
                model.concurrency(),
                blocks,
                block -> {
                    List<TextFile.Text> part = wave.subList(block * BLOCK, Math.min(wave.size(), (block + 1) * BLOCK));
                    return new Computed(part, vectors(part));
                },
                computed -> {
                    for (int n = 0; n < computed.texts.size(); n++) {
                        write(computed.vectors.get(n), computed.texts.get(n).number());
                    }
                });
        wave.clear();
    }

    private record Computed(List<TextFile.Text> texts, List<float[]> vectors) {}

    private List<float[]> vectors(List<TextFile.Text> part) throws IOException {
        List<byte[]> hashes = part.stream().map(TextFile.Text::hash).toList();
        List<float[]> stored = new ArrayList<>();
        cache.read(cache.key(hashes), (_, vector) -> stored.add(vector));
        if (stored.size() == part.size()) {
            return stored; // by another process, meanwhile
        }
        List<float[]> computed = new ArrayList<>();
        for (int from = 0; from < part.size(); from += model.batch()) {
            List<String> batch = new ArrayList<>();
            for (TextFile.Text text : part.subList(from, Math.min(part.size(), from + model.batch()))) {
                batch.add(texts.read(text));
            }
            computed.addAll(embed(batch));
        }
        if (cache.store(new VectorCache.Block(hashes, computed))) {
            return computed;
        }
        stored.clear();
        cache.read(cache.key(hashes), (_, vector) -> stored.add(vector));
        return stored.size() == part.size() ? stored : computed;
    }

    private List<float[]> embed(List<String> batch) throws IOException {
        try {
            return model.embed(batch);
        } catch (ModelCallException.Misconfigured e) {
            throw new ConfigurationException("release.semantic: " + e.detail());
        } catch (ModelCallException e) {
            throw new IOException("release.semantic: " + e.detail(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void write(float[] vector, int number) throws IOException {
        VectorFile file = vectors;
        if (file == null) {
            file = new VectorFile(spool, "semantic-vectors", rows, vector.length);
            vectors = file;
        }
        if (vector.length != file.dimensions()) {
            throw new ConfigurationException("release.semantic: the model " + model.name() + " gives vectors of "
                    + vector.length + " numbers, and those that are cached have " + file.dimensions()
                    + ": it is another model of the same name; delete the folder cache/vectors of the dataset");
        }
        file.write(number, scaled(vector));
    }

    private static float[] scaled(float[] vector) {
        double square = 0;
        for (float number : vector) {
            square += (double) number * number;
        }
        double length = Math.sqrt(square);
        float[] scaled = new float[vector.length];
        for (int n = 0; n < vector.length; n++) {
            scaled[n] = (float) (vector[n] / length);
        }
        return scaled;
    }
}

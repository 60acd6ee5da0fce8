package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.Parallel;
import java.io.IOException;
import java.util.Arrays;

/** Keeps the earliest of the candidates with equal content. */
final class Deduplication {
    private final IndexFiles files;
    private final OrderScale scale = new OrderScale();
    private long duplicates;

    private Deduplication(IndexFiles files) {
        this.files = files;
    }

    /** @param scale of the order of the candidates that stay */
    record Result(long duplicates, OrderScale scale) {}

    /** Writes the candidates that stay to {@link IndexFiles#unique}, and deletes the others. */
    static Result run(IndexFiles files, int threads) throws IOException {
        Deduplication deduplication = new Deduplication(files);
        Parallel.inOrder(threads, files.candidates.buckets(), deduplication::bucket, deduplication::add);
        deduplication.scale.complete();
        return new Result(deduplication.duplicates, deduplication.scale);
    }

    private void add(Result bucket) {
        duplicates += bucket.duplicates;
        scale.add(bucket.scale);
    }

    private Result bucket(int bucket) throws IOException {
        Contents contents = new Contents();
        files.candidates.forEachSorted(bucket, files::rankRun, contents::accept);
        files.candidates.delete(bucket);
        return new Result(contents.duplicates, contents.scale);
    }

    /** Takes the candidates of a bucket; those with equal content come one after the other. */
    private final class Contents {
        private final byte[] first = new byte[Candidate.WIDTH];
        private final OrderScale scale = new OrderScale();
        private boolean started;
        private long duplicates;

        void accept(byte[] data, int at) throws IOException {
            boolean isDuplicate =
                    started && Arrays.equals(data, at, at + Hash.BYTES, first, Candidate.CONTENT, Hash.BYTES);
            if (isDuplicate) {
                duplicates++;
                byte[] id = Arrays.copyOfRange(first, Candidate.ID, Candidate.PROMPT);
                files.removed.add(RemovedEntry.duplicate(data, at, id));
            } else {
                started = true;
                System.arraycopy(data, at, first, 0, Candidate.WIDTH);
                scale.add(first, 0);
                files.unique.add(first);
            }
        }
    }
}

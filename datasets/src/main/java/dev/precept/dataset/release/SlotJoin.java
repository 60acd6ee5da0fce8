package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.SortedEntries;
import java.io.IOException;
import java.util.Arrays;

/**
 * Selects rejected attempts that pass a threshold below that of their run: of each slot without a sample the attempt with the
 * highest lowest vote, if all of its votes were cast.
 */
final class SlotJoin {
    private final IndexFiles files;
    private long incomplete;
    private double highestIncomplete;
    private long readmitted;

    private SlotJoin(IndexFiles files) {
        this.files = files;
    }

    /** @param incomplete attempts that lack votes, at slots without a sample */
    private record BucketCounts(long readmitted, long incomplete, double highestIncomplete) {}

    /**
     * Adds the selected attempts to the candidates.
     *
     * @return their number
     * @throws ConfigurationException if votes that were not cast could change the selection
     */
    static long run(IndexFiles files, double threshold, int threads) throws IOException {
        SlotJoin join = new SlotJoin(files);
        if (files.attempts.entries() > 0) {
            Parallel.inOrder(threads, files.attempts.buckets(), join::bucket, join::add);
        }
        if (join.incomplete > 0) {
            throw new ConfigurationException("--threshold " + threshold + ": " + join.incomplete
                    + " attempts lack votes (judge.stop_early), which could put them above or below the threshold; give a"
                    + " threshold above " + join.highestIncomplete + ", or start a run with judge.stop_early: false");
        }
        return join.readmitted;
    }

    private void add(BucketCounts counts) {
        readmitted += counts.readmitted;
        incomplete += counts.incomplete;
        highestIncomplete = Math.max(highestIncomplete, counts.highestIncomplete);
    }

    private BucketCounts bucket(int bucket) throws IOException {
        SortedEntries taken = files.taken.load(bucket);
        Slots slots = new Slots(taken);
        files.attempts.forEachSorted(bucket, (data, offset) -> {}, slots::accept);
        files.taken.delete(bucket);
        files.attempts.delete(bucket);
        return new BucketCounts(slots.readmitted, slots.incomplete, slots.highestIncomplete);
    }

    /** Takes the attempts of a bucket, slot by slot. */
    private final class Slots {
        private final SortedEntries taken;
        private final byte[] slot = new byte[Hash.BYTES];
        private boolean started;
        private boolean isTaken;
        private boolean isFilled;
        private long readmitted;
        private long incomplete;
        private double highestIncomplete;

        Slots(SortedEntries taken) {
            this.taken = taken;
        }

        void accept(byte[] data, int at) throws IOException {
            if (!started || !Arrays.equals(data, at, at + Hash.BYTES, slot, 0, Hash.BYTES)) {
                System.arraycopy(data, at, slot, 0, Hash.BYTES);
                started = true;
                isTaken = taken.contains(slot, 0, Hash.BYTES);
                isFilled = false;
            }
            if (isTaken) {
                return;
            }
            if (data[at + SlotEntry.COMPLETE] == 0) {
                incomplete++;
                highestIncomplete = Math.max(highestIncomplete, SlotEntry.score(data, at));
            } else if (!isFilled) {
                isFilled = true;
                readmitted++;
                int from = at + SlotEntry.CANDIDATE;
                files.candidates.add(Arrays.copyOfRange(data, from, from + Candidate.WIDTH));
            }
        }
    }
}

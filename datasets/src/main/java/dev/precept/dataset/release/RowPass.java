package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolFullException;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One reading of the committed files, which collects the samples of some ranges of rows in the spool. If the spool is full,
 * the last ranges are dropped: they are left for the next pass.
 */
final class RowPass {
    private final Spool spool;
    private final MemberRouter router;
    private final List<RangeRows> ranges = new ArrayList<>();
    private int kept;

    RowPass(Spool spool, CommittedRows rows, VersionSelection selection, List<RowRange> list) throws IOException {
        this.spool = spool;
        this.router = new MemberRouter(rows, selection, list);
        for (int n = 0; n < list.size(); n++) {
            ranges.add(new RangeRows(list.get(n), spool, "range-" + n));
        }
        this.kept = list.size();
    }

    /** Reads every file. Returns the ranges whose samples are complete: the first ones of the list, at least one. */
    List<RangeRows> read(int threads) throws IOException {
        List<StoredRows> attempts = router.files(Topics.REJECTIONS.name());
        List<StoredRows> samples = router.files(Topics.SAMPLES.name());
        Parallel.inOrder(
                threads,
                attempts.size() + samples.size(),
                n -> {
                    Encoder encoder = new Encoder();
                    if (n < attempts.size()) {
                        router.readAttempts(attempts.get(n), encoder);
                    } else {
                        router.readSamples(samples.get(n - attempts.size()), encoder);
                    }
                    return n;
                },
                n -> {});
        for (RangeRows range : ranges) {
            range.complete(this::dropLast);
        }
        return List.copyOf(ranges.subList(0, kept()));
    }

    private synchronized int kept() {
        return kept;
    }

    private void dropLast() throws IOException {
        RangeRows last;
        synchronized (this) {
            if (kept == 1) {
                throw new SpoolFullException("temporary files would exceed their limit of " + spool.limit()
                        + " bytes with the samples of "
                        + ranges.getFirst().range().rows()
                        + " rows; give a larger one");
            }
            kept--;
            last = ranges.get(kept);
        }
        last.drop();
    }

    /** Encodes a sample once for all of its ranges. For one thread. */
    private final class Encoder implements MemberRouter.Receiver {
        private final SampleCodec codec = new SampleCodec();
        private Sample encodedSample = new Sample();
        private byte[] encoded = {};

        @Override
        public void accept(int range, byte[] id, byte[] key, Sample sample) throws IOException {
            if (!isEncoded(sample)) {
                encoded = codec.encode(sample);
                encodedSample = sample;
            }
            ranges.get(range).add(id, encoded, RowPass.this::dropLast);
        }

        @SuppressWarnings("ReferenceEquality") // to compare the content would cost more than to encode it
        private boolean isEncoded(Sample sample) {
            return sample == encodedSample;
        }
    }
}

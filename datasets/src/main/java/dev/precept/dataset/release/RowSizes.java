package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.schemas.Topics;
import java.util.List;

/**
 * Estimates bytes on disk from the sizes of the committed files.
 *
 * @param samples committed samples, with {@code sampleBytes} in their files
 * @param rejections committed rejections, with {@code rejectionBytes} in their files
 */
record RowSizes(long samples, long sampleBytes, long rejections, long rejectionBytes) {
    /** A spooled sample is compressed quickly, and with few others; 1.7 was measured for short texts; longer ones compress better. */
    private static final double SPOOLED = 1.8;

    /** Measured 1.0: the texts once, and indexes. */
    private static final double WRITTEN = 1.2;

    /** Measured 1.9: the neutral row has some texts twice. */
    private static final double WRITTEN_RAW = 2.2;

    /** JSON lines are not compressed; a prompt is a part of a sample. */
    private static final double WRITTEN_LINES = 4;

    private static final long LEAST_BYTES = 128;

    static RowSizes of(CommittedRows rows) {
        long[] sizes = new long[4];
        add(rows.files(Topics.SAMPLES.name()), sizes, 0);
        add(rows.files(Topics.REJECTIONS.name()), sizes, 2);
        return new RowSizes(sizes[0], sizes[1], sizes[2], sizes[3]);
    }

    private static void add(List<StoredRows> files, long[] sizes, int at) {
        for (StoredRows range : files) {
            sizes[at] += range.rows();
            sizes[at + 1] += Math.ceilDiv(
                    range.file().bytes() * range.rows(),
                    Math.max(1, range.file().rows()));
        }
    }

    /** Bytes of a committed sample in its file. */
    private double sampleSize() {
        return Math.max(LEAST_BYTES, (double) sampleBytes / Math.max(1, samples));
    }

    /** Bytes of samples in the spool that rows of a kind consist of. */
    long spooled(RowKind rowKind, long rows) {
        double attemptSize = (double) rejectionBytes / Math.max(1, rejections);
        double size = switch (rowKind) {
            case SAMPLE, PROMPT -> sampleSize();
            case PAIR -> sampleSize() + Math.max(sampleSize(), attemptSize);
        };
        return (long) (size * rows * SPOOLED);
    }

    /** Bytes of the files of some views with this many rows. */
    long written(List<View> views, long rows) {
        double perRow = views.stream()
                .mapToDouble(view -> view == View.RAW ? WRITTEN_RAW : view.isJsonLines() ? WRITTEN_LINES : WRITTEN)
                .sum();
        return (long) (perRow * sampleSize() * rows);
    }
}

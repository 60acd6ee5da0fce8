package dev.precept.console.rows;

import dev.precept.dataset.FileRange;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.calibration.Calibration;
import dev.precept.schemas.Topics;

/**
 * The indexed columns of the rows of one data file: 46 bytes a row. Immutable once it is read.
 *
 * <p>Ids are represented by their first eight bytes; what is found by them is compared with the row itself.
 */
final class Segment {
    /** Of a row without votes. */
    static final byte NO_SCORE = -1;

    /** Scores are stored in tenths. */
    static final int TENTHS = 10;

    private static final int DIGITS = 16;
    private static final int RADIX = 16;

    final FileRange range;
    final int count;
    /** Positions in the file. */
    final int[] row;

    final long[] id;
    final int[] prompt;
    final byte[] outcome;
    final byte[] reason;
    final byte[] style;
    final byte[] lowest;
    /** Highest vote less the lowest. */
    final byte[] spread;

    final byte[] findings;
    final int[] category;
    final int[] clauses;
    final int[] source;
    final int[] specification;
    /** The id of the row that it resembles; 0 for none. */
    final long[] near;

    Segment(FileRange range, SegmentBuilder built) {
        this.range = range;
        this.count = built.count();
        this.row = built.row.array();
        this.id = built.id.array();
        this.prompt = built.prompt.array();
        this.outcome = built.outcome.array();
        this.reason = built.reason.array();
        this.style = built.style.array();
        this.lowest = built.lowest.array();
        this.spread = built.spread.array();
        this.findings = built.findings.array();
        this.category = built.category.array();
        this.clauses = built.clauses.array();
        this.source = built.source.array();
        this.specification = built.specification.array();
        this.near = built.near.array();
    }

    /** Whether its rows are samples, and not rejections. */
    boolean hasSamples() {
        return range.chain().topic().equals(Topics.SAMPLES.name());
    }

    String key() {
        return range.file().orElseThrow().key();
    }

    StoredRows stored() {
        return new StoredRows(
                range.file().orElseThrow(), 0, range.file().orElseThrow().rows());
    }

    /** The commit of a row. */
    Calibration.Place place(int at) {
        FileRange.CommitRows found = range.commits().getFirst();
        for (FileRange.CommitRows commit : range.commits()) {
            if (commit.firstRow() <= row[at]) {
                found = commit;
            }
        }
        return new Calibration.Place(range.chain(), found.from());
    }

    /** The first eight bytes of an id in hexadecimal; 0 if it is none. */
    static long key(String id) {
        if (id.length() < DIGITS) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(id, 0, DIGITS, RADIX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** As {@link #key}, shorter, for prompts. */
    static int promptKey(String promptId) {
        return (int) key(promptId);
    }
}

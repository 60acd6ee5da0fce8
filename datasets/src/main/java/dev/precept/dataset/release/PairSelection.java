package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Selects preference pairs from judged entries in order: of each prompt and run the best kept sample and the worst judged one,
 * kept or rejected. Both are from one run, so their votes are comparable. For one thread.
 */
final class PairSelection {
    private final double gap;
    private final Rows rows;
    private final byte[] key = new byte[JudgedEntry.KEY_BYTES];
    private final byte[] keptId = new byte[Hash.BYTES];
    private final Choice best = new Choice(true);
    private final Choice worst = new Choice(false);
    private boolean needsJson;
    private long equal;
    private boolean hasKept;
    private boolean started;

    interface Rows {
        void accept(byte[] row) throws IOException;
    }

    /** @param rows receives the rows of pairs, in order */
    PairSelection(double gap, Rows rows) {
        this.gap = gap;
        this.rows = rows;
    }

    /** Entries come in order of their ids, so of equal scores the first has the lowest id. */
    private static final class Choice {
        private final boolean highest;
        private final byte[] id = new byte[Hash.BYTES];
        private boolean exists;
        private double score;
        private long content;
        private boolean json;

        Choice(boolean highest) {
            this.highest = highest;
        }

        void consider(byte[] data, int at) {
            ByteBuffer entry = ByteBuffer.wrap(data);
            double next = entry.getDouble(at + JudgedEntry.SCORE);
            int compared = Double.compare(next, score);
            if (!exists || (highest ? compared > 0 : compared < 0)) {
                exists = true;
                score = next;
                content = entry.getLong(at + JudgedEntry.CONTENT);
                json = data[at + JudgedEntry.JSON] != 0;
                System.arraycopy(data, at + JudgedEntry.ID, id, 0, Hash.BYTES);
            }
        }
    }

    void accept(byte[] data, int at) throws IOException {
        if (!started || !Arrays.equals(key, 0, key.length, data, at, at + key.length)) {
            finish();
            started = true;
            System.arraycopy(data, at, key, 0, key.length);
        }
        int id = at + JudgedEntry.ID;
        if (data[at + JudgedEntry.REJECTED] == 0) {
            best.consider(data, at);
            hasKept = true;
            System.arraycopy(data, id, keptId, 0, Hash.BYTES);
        } else if (hasKept && Arrays.equals(data, id, id + Hash.BYTES, keptId, 0, Hash.BYTES)) {
            return; // the version keeps this attempt
        }
        worst.consider(data, at);
    }

    /** Whether a side of a pair does not fit into messages that are structs; the other is a kept sample. */
    boolean needsJson() {
        return needsJson;
    }

    /** Pairs that were left out since both sides have the same text. */
    long equal() {
        return equal;
    }

    /** Ends the last prompt. */
    void finish() throws IOException {
        // Equal text with two scores shows only the judge's noise, so it is not a pair.
        boolean isFarApart = best.exists && best.score - worst.score >= gap;
        if (isFarApart && best.content == worst.content) {
            equal++;
        } else if (isFarApart) {
            byte[] row = Arrays.copyOf(key, RowIndex.width(dev.precept.dataset.view.RowKind.PAIR));
            System.arraycopy(best.id, 0, row, JudgedEntry.KEY_BYTES, Hash.BYTES);
            System.arraycopy(worst.id, 0, row, JudgedEntry.KEY_BYTES + Hash.BYTES, Hash.BYTES);
            rows.accept(row);
            needsJson |= worst.json;
        }
        best.exists = false;
        worst.exists = false;
        hasKept = false;
        started = false;
    }
}

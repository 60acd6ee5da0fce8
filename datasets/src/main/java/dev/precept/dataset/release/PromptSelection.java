package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Selects the prompts for reinforcement learning from their entries in order: each with a kept sample, once for each wording of
 * its excerpt; and, if such entries were made, each that was tried without success and is not excluded. For one thread.
 */
final class PromptSelection {
    private final RowReceiver rows;
    private final byte[] prompt = new byte[Hash.BYTES];
    private final List<byte[]> kept = new ArrayList<>();
    private final List<byte[]> tried = new ArrayList<>();
    private boolean excluded;
    private boolean started;

    /** Receives the rows of prompts, in order. */
    interface RowReceiver {
        void accept(byte[] row, boolean needsJson) throws IOException;
    }

    PromptSelection(RowReceiver rows) {
        this.rows = rows;
    }

    void accept(byte[] data, int at) throws IOException {
        if (!started || !Arrays.equals(prompt, 0, Hash.BYTES, data, at, at + Hash.BYTES)) {
            finish();
            started = true;
            System.arraycopy(data, at, prompt, 0, Hash.BYTES);
        }
        byte kind = data[at + PromptEntry.KIND];
        if (kind == PromptEntry.Kind.EXCLUDED.code()) {
            excluded = true;
        } else {
            addEarliest(kind == PromptEntry.Kind.KEPT.code() ? kept : tried, data, at);
        }
    }

    /** Entries of one excerpt come in the order of requests. */
    private static void addEarliest(List<byte[]> entries, byte[] data, int at) {
        int key = PromptEntry.KEY_BYTES;
        if (entries.isEmpty() || !Arrays.equals(entries.getLast(), 0, key, data, at, at + key)) {
            entries.add(Arrays.copyOfRange(data, at, at + PromptEntry.WIDTH));
        }
    }

    /** Ends the last prompt. */
    void finish() throws IOException {
        for (byte[] entry : !kept.isEmpty() ? kept : excluded ? List.<byte[]>of() : tried) {
            byte[] row = Arrays.copyOf(entry, PromptEntry.KEY_BYTES + Hash.BYTES);
            System.arraycopy(entry, PromptEntry.ID, row, PromptEntry.KEY_BYTES, Hash.BYTES);
            rows.accept(row, entry[PromptEntry.JSON] != 0);
        }
        kept.clear();
        tried.clear();
        excluded = false;
        started = false;
    }
}

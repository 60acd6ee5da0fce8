package dev.precept.schemas;

import dev.precept.content.Sha256;
import dev.precept.records.Origin;
import dev.precept.records.SlotRef;

/** The names of slots, and the keys the ledger keeps them under. */
public final class SlotId {
    private SlotId() {}

    /** {@code prompt_id#n}, n from 0: the slot of the origin that owns the prompt. */
    public static String of(String promptId, int slot) {
        return promptId + "#" + slot;
    }

    /** {@code prompt_id@origin#n}: the slot of another origin of the same prompt. */
    public static String of(String promptId, Origin origin, int slot) {
        return promptId + "@" + originKey(origin) + "#" + slot;
    }

    /** The owner's slot of a task. */
    public static String of(SlotRef ref) {
        return of(ref.getPromptId(), ref.getSlot());
    }

    /** An origin as text: file as the recipe names it, and the prompt's own id or line. */
    public static String originKey(Origin origin) {
        return origin.getFile() + ":" + origin.getId();
    }

    /** The id of the sample of a slot of a run: one slot gives at most one sample. */
    public static String sampleId(String runId, String slotId) {
        return Sha256.hex(runId + "\n" + slotId);
    }
}

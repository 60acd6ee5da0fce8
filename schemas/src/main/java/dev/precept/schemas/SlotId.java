package dev.precept.schemas;

import dev.precept.content.Sha256;
import dev.precept.records.Origin;
import dev.precept.records.SlotRef;

/** Ids of slots and samples. */
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

    /** The slot of a task, as the owning origin's. */
    public static String of(SlotRef ref) {
        return of(ref.getPromptId(), ref.getSlot());
    }

    /**
     * An origin as text: the file as the recipe names it, the line, and the prompt's id if it has one. Two lines with one id
     * are two origins.
     */
    public static String originKey(Origin origin) {
        String line = String.valueOf(origin.getLine());
        return origin.getFile() + ":" + line + (line.equals(origin.getId()) ? "" : ":" + origin.getId());
    }

    /** The id of a slot's sample; a slot yields at most one sample in a run. */
    public static String sampleId(String runId, String slotId) {
        return Sha256.hex(runId + "\n" + slotId);
    }
}

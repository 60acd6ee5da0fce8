package dev.precept.streams.ledger;

import dev.precept.records.Origin;
import dev.precept.records.PartitionProgress;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;

/** Keys of the ledger's stores. The origin comes last: it is the only part that may hold any character. */
public final class SlotKey {
    private SlotKey() {}

    public static String row(String runId, String promptId, Origin origin, int slot) {
        return runId + "|" + promptId + "|" + slot + "|" + SlotId.originKey(origin);
    }

    /** The key of a slot's row. */
    public static String row(SlotRef ref) {
        return row(ref.getRunId(), ref.getPromptId(), ref.getOrigin(), ref.getSlot());
    }

    /** The key under which a book is published, a newer one over an older. */
    public static String progress(PartitionProgress partitionProgress) {
        return partitionProgress.getRunId() + "|" + partitionProgress.getPartition();
    }

    public static String owner(String runId, String promptId) {
        return runId + "|" + promptId;
    }

    /** The owner's key of a slot, from the key of its row. */
    static String owner(String rowKey) {
        return rowKey.substring(0, rowKey.indexOf('|', rowKey.indexOf('|') + 1));
    }

    /** What the keys of all rows and owners of a run begin with, and none of them is. */
    public static String runPrefix(String runId) {
        return runId + "|";
    }
}

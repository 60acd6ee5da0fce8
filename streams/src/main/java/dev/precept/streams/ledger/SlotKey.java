package dev.precept.streams.ledger;

import dev.precept.records.Origin;
import dev.precept.records.PartitionProgress;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;

/** Keys of the ledger's stores. The origin comes last: only it may contain any character. */
public final class SlotKey {
    private SlotKey() {}

    public static String row(String runId, String promptId, Origin origin, int slot) {
        return runId + "|" + promptId + "|" + slot + "|" + SlotId.originKey(origin);
    }

    /** The key of a slot's row. */
    public static String row(SlotRef ref) {
        return row(ref.getRunId(), ref.getPromptId(), ref.getOrigin(), ref.getSlot());
    }

    /** The key of a progress record; a newer record replaces an older one. */
    public static String progress(PartitionProgress partitionProgress) {
        return partitionProgress.getRunId() + "|" + partitionProgress.getPartition();
    }

    public static String owner(String runId, String promptId) {
        return runId + "|" + promptId;
    }

    /** The prompt of a slot, from its row key. */
    public static String promptId(String rowKey) {
        int start = rowKey.indexOf('|') + 1;
        return rowKey.substring(start, rowKey.indexOf('|', start));
    }

    /** The owner key of a slot, from its row key. */
    static String owner(String rowKey) {
        return rowKey.substring(0, rowKey.indexOf('|', rowKey.indexOf('|') + 1));
    }

    /** The key of the answers to what waits under another key: no prompt id is {@code answers}. */
    static String answers(String pending) {
        int end = pending.indexOf('|') + 1;
        return pending.substring(0, end) + "answers|" + pending.substring(end);
    }

    /** The key of a source that has ended. Only the source may contain any character. */
    public static String endedSource(String runId, String source) {
        return runPrefix(runId) + source;
    }

    /** The prefix of all row and owner keys of a run; it is itself the key of none. */
    public static String runPrefix(String runId) {
        return runId + "|";
    }
}

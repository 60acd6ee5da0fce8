package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import java.util.Map;

/**
 * The contents of the ledger's stores for one run on one partition, rebuilt from the committed rows.
 *
 * @param rows by row key; a slot that is not terminal waits in ADMITTED for its prompt
 * @param owners the origin that owns a prompt, by owner key
 * @param progress balanced, without ended sources: they are read again
 * @param lostAttempts failed attempts of accepted slots that are in no committed row
 */
public record RebuiltLedger(
        String runId,
        int partition,
        Map<String, LedgerRow> rows,
        Map<String, String> owners,
        PartitionProgress progress,
        long lostAttempts) {}

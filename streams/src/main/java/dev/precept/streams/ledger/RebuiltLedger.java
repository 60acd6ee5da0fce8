package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import java.util.Map;

/**
 * What the ledger's stores of one partition hold for one run, as its committed rows say.
 *
 * @param rows by the keys of the ledger; a slot that is not terminal waits in ADMITTED for its prompt
 * @param owners the origin that owns a prompt
 * @param progress balanced, and not ended: the sources are read again
 * @param lostAttempts failed attempts at slots that were kept later, which are in no committed row
 */
public record RebuiltLedger(
        String runId,
        int partition,
        Map<String, LedgerRow> rows,
        Map<String, String> owners,
        PartitionProgress progress,
        long lostAttempts) {}

package dev.precept.streams.ledger;

import dev.precept.content.Sha256;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;

/**
 * The attempts that are judged in full, so that the agreement of judges is measured on votes that no earlier vote has
 * prevented. The choice is a function of run, slot and attempt alone: it depends on no text and on no vote, and every round
 * of judging makes the same one.
 */
final class AuditSample {
    private static final int BITS = 52;
    private static final int HASH_HEX = BITS / 4;

    private AuditSample() {}

    /** Whether every vote on this attempt is requested: it is chosen, or the run never stops early. */
    static boolean contains(SlotRef ref, RunParameters runParameters) {
        return !runParameters.getStopEarly() || position(ref) < runParameters.getAuditShare();
    }

    /** In [0, 1), uniform over attempts. */
    private static double position(SlotRef ref) {
        String name = "audit\n" + ref.getRunId() + "\n" + SlotId.of(ref) + "\n" + ref.getAttempt();
        return Long.parseLong(Sha256.hex(name).substring(0, HASH_HEX), 16) / (double) (1L << BITS);
    }
}

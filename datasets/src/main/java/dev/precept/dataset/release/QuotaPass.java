package dev.precept.dataset.release;

import dev.precept.config.QuotaSettings;
import dev.precept.dataset.balance.CellCount;
import dev.precept.dataset.balance.CellTable;
import dev.precept.dataset.balance.Cells;
import dev.precept.dataset.balance.QuotaTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Leaves out the candidates that are over a quota. Of a quota those with the lowest sample ids stay, which are hashes: the
 * choice does not depend on the order of the input. For one thread.
 */
final class QuotaPass implements AutoCloseable {
    private final OrderedCandidates candidates;
    private final QuotaSettings settings;
    private final CellTable table;
    private final Cells cells;

    /** Candidates that were left out after others may have fallen to them. */
    private final BitSet dropped = new BitSet();

    private QuotaTable quotas;
    private long leftOut;

    private QuotaPass(OrderedCandidates candidates, QuotaSettings settings, CellTable table) {
        this.candidates = candidates;
        this.settings = settings;
        this.table = table;
        this.cells = table.cells(candidates::isKept, candidates::isKept);
        this.quotas = new QuotaTable(settings);
    }

    /** Reads the cells of all candidates that were not left out. */
    static QuotaPass open(SignedRows rows, OrderedCandidates candidates, QuotaSettings settings, Spool spool)
            throws IOException {
        boolean isOn = !settings.quotas().isEmpty();
        CellTable table = new CellTable(QuotaTable.FIELDS, isOn ? candidates.size() : 0, spool, "quota-cells");
        try {
            if (isOn) {
                rows.readColumns(table.columns(), candidates::isKept, table::add);
            }
            return new QuotaPass(candidates, settings, table);
        } catch (IOException | RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    boolean isOn() {
        return !settings.quotas().isEmpty();
    }

    /** Leaves out what has a quota of 0, before anything may fall to it. */
    void leaveOutForbidden() throws IOException {
        for (int number = 0; isOn() && number < candidates.size(); number++) {
            if (candidates.isKept(number) && !hasSpace(number)) {
                quotas.take(cell(number));
                leaveOut(number);
            }
        }
    }

    /** Leaves out what is over its quota. */
    void leaveOut() throws IOException {
        for (int rank = 0; isOn() && rank < candidates.size(); rank++) {
            int number = candidates.inOrderOfIds(rank);
            if (candidates.isKept(number) && !quotas.take(cell(number))) {
                dropped.set(number);
                leaveOut(number);
            }
        }
    }

    private void leaveOut(int number) throws IOException {
        candidates.leaveOut(number, RemovedEntry.leftOut(RemovedEntry.Reason.OVER_QUOTA, candidates.id(number)));
        leftOut++;
    }

    /** Whether a candidate was left out after others may have fallen to it. */
    IntPredicate dropped() {
        return dropped::get;
    }

    /** Whether the quota of a candidate is not full. */
    boolean hasSpace(int number) {
        return !isOn() || quotas.hasSpace(cell(number));
    }

    /** Counts a candidate that was put back. */
    void take(int number) {
        if (isOn()) {
            quotas.take(cell(number));
        }
    }

    /** Counts again what the version keeps; what a selection left out gave up its place. */
    void count() {
        if (isOn()) {
            quotas = new QuotaTable(settings);
            for (int number = 0; number < candidates.size(); number++) {
                if (candidates.isKept(number)) {
                    quotas.take(cell(number));
                }
            }
        }
    }

    private List<String> cell(int number) {
        return cells.names().get(cells.of(number));
    }

    long leftOut() {
        return leftOut;
    }

    /** The samples of each quota, until they are counted again. */
    List<CellCount> counts() {
        return quotas.counts();
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}

package dev.precept.dataset.release;

import dev.precept.dataset.Manifest;
import dev.precept.dataset.balance.BalanceSettings;
import dev.precept.dataset.balance.CellCount;
import dev.precept.dataset.balance.CellTable;
import dev.precept.dataset.balance.Cells;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Leaves out the candidates that a balanced selection does not take. Of each cell those with the lowest sample ids stay. A
 * cell that has fewer than others then gets, one for one, candidates that fell to rows that are left out now. For one thread.
 */
final class SelectionPass {
    private final OrderedCandidates candidates;
    private final NearDuplicates near;
    private final QuotaPass quotas;
    private final Cells cells;
    private final long[] available;
    private final long[] taken;

    /** Of each cell, what is to be left out for a candidate that was put back. */
    private final long[] surplus;

    /** Cells by what they have, the first ones have most. */
    private final TreeSet<Integer> byTaken;

    private final BitSet dropped = new BitSet();
    private long leftOut;

    /** @param counts by cell */
    record Result(long leftOut, List<CellCount> counts) {}

    private SelectionPass(
            OrderedCandidates candidates, NearDuplicates near, QuotaPass quotas, Cells cells, long total) {
        this.candidates = candidates;
        this.near = near;
        this.quotas = quotas;
        this.cells = cells;
        this.available = cells.sizes();
        this.taken = cells.shares(total);
        this.surplus = new long[taken.length];
        this.byTaken = new TreeSet<>(
                Comparator.<Integer>comparingLong(cell -> -taken[cell]).thenComparing(Comparator.naturalOrder()));
    }

    static Result run(
            SignedRows rows,
            OrderedCandidates candidates,
            NearDuplicates near,
            QuotaPass quotas,
            Manifest.Select select,
            Spool spool)
            throws IOException {
        try (CellTable table =
                new CellTable(BalanceSettings.fields(select), candidates.size(), spool, "select-cells")) {
            rows.readColumns(table.columns(), number -> candidates.isKept(number) || near.isFallen(number), table::add);
            Cells cells = table.cells(candidates::isKept, number -> candidates.isKept(number) || near.isFallen(number));
            return new SelectionPass(candidates, near, quotas, cells, select.total()).run();
        }
    }

    private Result run() throws IOException {
        for (int cell = 0; cell < taken.length; cell++) {
            surplus[cell] = available[cell] - taken[cell];
            byTaken.add(cell);
        }
        leaveOutSurplus();
        boolean isChanged = leftOut > 0;
        while (isChanged) {
            quotas.count();
            isChanged = near.reconsider(this::isDropped, this::hasSpace, this::exchange) > 0;
            leaveOutSurplus();
        }
        List<CellCount> counts = new ArrayList<>();
        for (int cell = 0; cell < taken.length; cell++) {
            if (available[cell] > 0) {
                counts.add(new CellCount(cells.names().get(cell), available[cell], taken[cell]));
            }
        }
        return new Result(leftOut, counts);
    }

    private boolean isDropped(int number) {
        return dropped.get(number) || quotas.dropped().test(number);
    }

    /** Of each cell the highest ids. */
    private void leaveOutSurplus() throws IOException {
        for (int rank = candidates.size() - 1; rank >= 0; rank--) {
            int number = candidates.inOrderOfIds(rank);
            if (candidates.isKept(number) && surplus[cells.of(number)] > 0) {
                surplus[cells.of(number)]--;
                dropped.set(number);
                candidates.leaveOut(
                        number, RemovedEntry.leftOut(RemovedEntry.Reason.NOT_SELECTED, candidates.id(number)));
                leftOut++;
            }
        }
    }

    /** Whether the cells would differ less with this candidate in the place of one of the fullest cell. */
    private boolean hasSpace(int number) {
        return taken[cells.of(number)] + 1 < taken[byTaken.first()] && quotas.hasSpace(number);
    }

    private void exchange(int number) {
        quotas.take(number);
        int cell = cells.of(number);
        available[cell]++;
        change(cell, 1);
        int fullest = byTaken.first();
        change(fullest, -1);
        surplus[fullest]++;
    }

    private void change(int cell, int by) {
        byTaken.remove(cell); // it is ordered by what changes
        taken[cell] += by;
        byTaken.add(cell);
    }
}

package dev.precept.dataset.release;

import dev.precept.config.QuotaSettings;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.balance.BalanceSettings;
import dev.precept.dataset.balance.CellCount;
import dev.precept.dataset.balance.CellField;
import dev.precept.dataset.balance.CellTable;
import dev.precept.dataset.balance.Cells;
import dev.precept.dataset.balance.QuotaTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Leaves out the candidates that are over a quota, and those that a balanced selection does not take. Of each cell those with
 * the lowest sample ids stay, which are hashes: the choice does not depend on the order of the input. For one thread.
 */
final class BalancePass {
    private final SignedRows rows;
    private final OrderedCandidates candidates;
    private final IndexFiles files;
    private final Spool spool;

    /** @param counts by cell */
    record Result(long leftOut, List<CellCount> counts) {}

    BalancePass(SignedRows rows, OrderedCandidates candidates, IndexFiles files, Spool spool) {
        this.rows = rows;
        this.candidates = candidates;
        this.files = files;
        this.spool = spool;
    }

    private interface Choice {
        /** @return whether a candidate of a cell stays */
        boolean take(int cell);
    }

    Result quotas(QuotaSettings settings) throws IOException {
        try (CellTable table = read(QuotaTable.FIELDS, "quota-cells")) {
            Cells cells = table.cells(candidates::isKept);
            QuotaTable quotas = new QuotaTable(settings);
            long leftOut = choose(
                    cells,
                    RemovedEntry.Reason.OVER_QUOTA,
                    cell -> quotas.take(cells.names().get(cell)));
            return new Result(leftOut, quotas.counts());
        }
    }

    Result select(Manifest.Select select) throws IOException {
        try (CellTable table = read(BalanceSettings.fields(select), "select-cells")) {
            Cells cells = table.cells(candidates::isKept);
            long[] sizes = cells.sizes();
            long[] shares = cells.shares(select.total());
            long[] taken = new long[shares.length];
            long leftOut = choose(
                    cells, RemovedEntry.Reason.NOT_SELECTED, cell -> taken[cell] < shares[cell] && ++taken[cell] > 0);
            List<CellCount> counts = new ArrayList<>();
            for (int cell = 0; cell < sizes.length; cell++) {
                counts.add(new CellCount(cells.names().get(cell), sizes[cell], taken[cell]));
            }
            return new Result(leftOut, counts);
        }
    }

    private CellTable read(List<CellField> fields, String name) throws IOException {
        CellTable table = new CellTable(fields, candidates.size(), spool, name);
        try {
            rows.readColumns(table.columns(), candidates::isKept, table::add);
            return table;
        } catch (IOException | RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    private long choose(Cells cells, RemovedEntry.Reason reason, Choice choice) throws IOException {
        long leftOut = 0;
        for (int rank = 0; rank < candidates.size(); rank++) {
            int number = candidates.inOrderOfIds(rank);
            if (candidates.isKept(number) && !choice.take(cells.of(number))) {
                leftOut++;
                byte[] candidate = candidates.get(number);
                candidates.leaveOut(
                        number,
                        RemovedEntry.leftOut(reason, Arrays.copyOfRange(candidate, Candidate.ID, Candidate.PROMPT)));
                if (files.hasPrompts()) {
                    files.prompts.add(PromptEntry.excluded(candidate));
                }
            }
        }
        return leftOut;
    }
}

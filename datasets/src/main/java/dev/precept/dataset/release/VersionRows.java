package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.template.TemplateTable;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a version, selected from the committed rows and ordered, with everything that grows with their number on local
 * disk. Shards of rows have the same bytes whatever the order of the files, the number of threads, the size of the spool and
 * the shards that are made with them. For one thread, except that it starts others.
 */
final class VersionRows implements AutoCloseable {
    private final CommittedRows rows;
    private final ReleaseSettings settings;
    private final Spool spool;
    private final int threads;
    private final SelectionCounts counts;
    private final VersionSelection selection;
    private final ClausePolicies policies;

    private VersionRows(
            CommittedRows rows,
            ReleaseSettings settings,
            Spool spool,
            int threads,
            SelectionCounts counts,
            VersionSelection selection,
            ClausePolicies policies) {
        this.rows = rows;
        this.settings = settings;
        this.spool = spool;
        this.threads = threads;
        this.counts = counts;
        this.selection = selection;
        this.policies = policies;
    }

    /**
     * Reads the columns of every committed row that decide what the version keeps, and selects and orders its rows. Of samples
     * that pass the threshold and have equal content the earliest is kept.
     *
     * @throws ConfigurationException if the threshold depends on votes that were not cast
     * @throws IOException if a store or the spool fails, or a sample is committed twice
     */
    static VersionRows index(
            CommittedRows rows,
            List<Withdrawal> withdrawals,
            ReleaseSettings settings,
            PromptSplits splits,
            Spool spool,
            CurationTools tools)
            throws IOException {
        return index(rows, withdrawals, settings, splits, spool, tools, Parallel.threads());
    }

    /** As {@link #index(CommittedRows, List, ReleaseSettings, PromptSplits, Spool, CurationTools)}, with a number of threads. */
    static VersionRows index(
            CommittedRows rows,
            List<Withdrawal> withdrawals,
            ReleaseSettings settings,
            PromptSplits splits,
            Spool spool,
            CurationTools tools,
            int threads)
            throws IOException {
        RowSizes sizes = RowSizes.of(rows);
        IndexFiles files = new IndexFiles(spool, settings.views(), sizes.samples() + sizes.rejections());
        RiskTable risks = RiskTable.read(tools.store(), settings.curation().maxRisk());
        ScanCounts scanned = new IndexScan(rows, withdrawals, settings, files, risks).run(threads);
        long readmitted = settings.threshold().isPresent()
                ? SlotJoin.run(files, settings.threshold().get(), threads)
                : 0;
        Deduplication.Result deduplicated = Deduplication.run(files, threads);
        Map<RemovedEntry.Reason, Long> selected = new EnumMap<>(RemovedEntry.Reason.class);
        CurationPass.Result curated = CurationPass.Result.NONE;
        long kept;
        if (settings.nearDuplicates().isOn() || settings.curation().isOn()) {
            try (OrderedCandidates candidates = OrderedCandidates.sort(files, deduplicated.scale(), spool)) {
                SignedRows signed = new SignedRows(rows, candidates::find, readmitted > 0, threads);
                selected.putAll(SplitBridges.leaveOut(candidates, settings, splits));
                curated = CurationPass.run(signed, candidates, files, settings, tools, spool, threads);
                kept = new KeptRows(files, splits).keepAll(candidates, threads);
            }
        } else {
            kept = new KeptRows(files, splits).keepAll(files.unique, threads);
        }
        selected.putAll(curated.counts());
        if (scanned.aboveRisk > 0) {
            selected.put(RemovedEntry.Reason.ABOVE_RISK, scanned.aboveRisk);
        }
        RowIndexes indexes = RowIndexes.make(files, splits, settings.preferenceGap(), spool, threads);
        VersionSelection selection = new VersionSelection(settings, withdrawals, files, indexes, splits);
        SelectionCounts counts = new SelectionCounts(
                kept,
                indexes.prompts(),
                indexes.heldPrompts(),
                indexes.promptsBySamples(),
                deduplicated.duplicates(),
                scanned.belowThreshold,
                readmitted,
                selected,
                curated,
                scanned.withdrawn(withdrawals),
                scanned.rejected(),
                scanned.invalid(),
                selection.format(),
                risks.isStated() ? RiskCounts.of(files.keptByRisk, indexes.promptsByRisk()) : RiskCounts.NOT_STATED,
                files.equalPairs.get());
        return new VersionRows(rows, settings, spool, threads, counts, selection, new ClausePolicies(tools.store()));
    }

    /** Whether any view has a row. */
    boolean hasRows() {
        return selection.indexes().all().stream()
                .filter(index -> settings.views().stream().anyMatch(view -> view.rowKind() == index.rowKind()))
                .anyMatch(index -> index.rows() > 0);
    }

    /** Samples of the version. */
    long kept() {
        return counts.kept();
    }

    SelectionCounts counts() {
        return counts;
    }

    /**
     * All shards of all row kinds of the views, in order. Those of samples are always among them: without a view of samples
     * they have no files, but counts.
     */
    List<ShardId> shards() {
        List<ShardId> shards = new ArrayList<>();
        for (RowIndex index : selection.indexes().all()) {
            shards.addAll(ShardId.of(index.rowKind(), index.split(), index.rows(), settings.shards()));
        }
        return shards;
    }

    /**
     * Checks the rows of some shards against the chat templates of the settings.
     *
     * @return why they must not be released; empty if every template keeps every row
     */
    Optional<String> refusal(Collection<ShardId> of) throws IOException {
        if (settings.templates().isEmpty()) {
            return Optional.empty();
        }
        try (ShardMaker maker = maker()) {
            return new TemplateRefusal(rows, selection, settings, maker.ranges(of)).find(threads);
        }
    }

    /** Counts what the chat templates of the settings do with every row, in every view of the kinds of rows that it has. */
    TemplateTable templateTable() throws IOException {
        try (ShardMaker maker = maker()) {
            return new TemplateSurvey(rows, selection, settings.templates(), maker.ranges(shards())).run(threads);
        }
    }

    /** Rows of a view and split. */
    long rows(View view, Split split) {
        return selection.indexes().all().stream()
                .filter(index -> index.rowKind() == view.rowKind() && index.split() == split)
                .mapToLong(RowIndex::rows)
                .sum();
    }

    /**
     * Makes shards.
     *
     * @throws IOException if a store or the spool fails, or a sample is committed twice
     */
    void make(Collection<ShardId> shards, ShardReceiver receiver) throws IOException {
        try (ShardMaker maker = maker()) {
            maker.make(shards, receiver);
        }
    }

    private ShardMaker maker() {
        return new ShardMaker(rows, selection, settings, RowSizes.of(rows), policies, spool, threads);
    }

    /** Writes the committed samples that the version leaves out to a temporary file, sorted by sample id. Once. */
    RemovedFile writeRemoved() throws IOException {
        return selection.indexes().removed().write();
    }

    /** Deletes the temporary files. */
    @Override
    public void close() throws IOException {
        selection.close();
    }
}

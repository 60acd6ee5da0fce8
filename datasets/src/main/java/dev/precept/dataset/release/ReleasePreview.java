package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.template.TemplateTable;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a release would make of a dataset as it is now. Nothing is stored.
 *
 * @param version its name
 * @param openRuns runs that are not completely committed; while there is one, nothing is released
 * @param samples that would be kept
 * @param rows by view and split; a split without rows has no entry
 * @param shards files of a view and split, at most
 * @param selected samples that steps of the selection would leave out, by reason
 * @param reported kept samples that would be reported, by reason
 * @param requested samples that the settings select; empty for all
 * @param notCalled the endpoint for embeddings that a release would call: what is alike in meaning was not searched
 * @param splits what would be taken over; empty for a first version
 * @param latest where the ref would point
 * @param templates what the chat templates do with the rows of each view
 * @param refusal why a chat template refuses the version; empty if none does
 */
public record ReleasePreview(
        String version,
        List<String> openRuns,
        long samples,
        Map<View, Map<Split, Long>> rows,
        int shards,
        Map<String, Long> selected,
        Map<String, Long> reported,
        Optional<Long> requested,
        Optional<String> notCalled,
        Optional<SplitInheritance> splits,
        LatestRef latest,
        TemplateTable templates,
        Optional<String> refusal) {
    /**
     * Reads every committed row, as a release does.
     *
     * @param from the version whose commits are read; empty for all commits
     * @throws dev.precept.config.ConfigurationException as {@link Release#make(Dataset, ReleaseSettings, ReleaseWork)} does
     * @throws IOException as it does
     */
    public static ReleasePreview of(Dataset dataset, Optional<String> from, ReleaseSettings settings, ReleaseWork work)
            throws IOException {
        Release.requireNameFree(dataset, settings.name());
        Optional<String> base =
                from.isPresent() ? Optional.of(dataset.versions().resolve(from.get())) : Optional.empty();
        Optional<Manifest> before =
                base.isPresent() ? dataset.versions().manifest(base.get()) : SplitInheritance.newest(dataset);
        ReleaseSettings placed = Release.withSplits(settings, before);
        ClaimedName name = new ClaimedName(dataset, placed, base);
        name.open().ifPresent(claim -> name.requireSameSettings(claim.plan()));
        CommittedRows rows = base.isPresent()
                ? CommittedRows.loadForVersion(dataset, before.orElseThrow())
                : CommittedRows.load(dataset);
        ReleasePlan plan = Release.plan(dataset, placed, base, rows);
        ReleaseSettings planned = placed.withSplits(SplitSettings.ofPlan(plan.recipe()));
        Optional<String> latest = dataset.refs().latestMove(Refs.LATEST).map(Refs.Move::version);
        work.announce(DiskEstimate.of(rows, planned, 1, work.spoolBytes(), Parallel.threads()));
        try (Spool spool = Spool.open(work.spool(), work.spoolBytes());
                PromptSplits splits = PromptSplits.open(dataset, plan.recipe(), rows, spool, Parallel.threads());
                VersionRows version = VersionRows.index(
                        rows,
                        plan.recipe().withdrawals(),
                        planned.withCuration(planned.curation().withoutCalls()),
                        splits,
                        spool,
                        new CurationTools(dataset.store(), false, work.embeddings()))) {
            return new ReleasePreview(
                    settings.name(),
                    base.isPresent() ? List.of() : Release.openRuns(dataset),
                    version.kept(),
                    rows(version, planned.views()),
                    planned.shards(),
                    version.counts().selected(false),
                    version.counts().selected(true),
                    planned.curation().select().map(Manifest.Select::total),
                    planned.curation()
                            .semantic()
                            .filter(SemanticSettings::callsEndpoint)
                            .flatMap(SemanticSettings::url),
                    SplitInheritance.of(
                            dataset, before, planned, settings.splits().resplit(), version.counts(), spool),
                    LatestRef.after(latest, base, settings.name()),
                    version.templateTable(),
                    version.refusal(version.shards()));
        }
    }

    private static Map<View, Map<Split, Long>> rows(VersionRows version, List<View> views) {
        Map<View, Map<Split, Long>> rows = new EnumMap<>(View.class);
        for (View view : views) {
            Map<Split, Long> splits = rows.computeIfAbsent(view, _ -> new EnumMap<>(Split.class));
            for (Split split : Split.values()) {
                if (version.rows(view, split) > 0) {
                    splits.put(split, version.rows(view, split));
                }
            }
        }
        return rows;
    }

    /** Whether any view has a row. */
    public boolean hasRows() {
        return rows.values().stream().anyMatch(splits -> !splits.isEmpty());
    }
}

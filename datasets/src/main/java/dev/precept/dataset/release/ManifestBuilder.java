package dev.precept.dataset.release;

import dev.precept.content.Sha256;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Outcome;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows and files while a version is written, and builds its manifest. It holds no time and no path of a machine, so
 * the same inputs give the same manifest. For one thread.
 */
final class ManifestBuilder {
    private final ReleasePlan plan;
    private final Selection selection;
    private final Map<View, List<Manifest.Shard>> shards = new EnumMap<>(View.class);
    private final Map<View, Map<Split, Long>> splits = new EnumMap<>(View.class);
    private final Map<String, Map<String, Long>> histograms = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> invalid = new TreeMap<>();
    private Manifest.@Nullable FileEntry card;
    private Manifest.@Nullable RowsFile removedFile;
    private Map<Withdrawal, JudgedRows.WithdrawnCounts> withdrawn = Map.of();
    private long promptTokens;
    private long completionTokens;

    ManifestBuilder(ReleasePlan plan, Selection selection) {
        this.plan = plan;
        this.selection = selection;
    }

    ReleasePlan plan() {
        return plan;
    }

    Selection selection() {
        return selection;
    }

    Map<Withdrawal, JudgedRows.WithdrawnCounts> withdrawn() {
        return withdrawn;
    }

    void withdrawn(Map<Withdrawal, JudgedRows.WithdrawnCounts> left) {
        withdrawn = left;
    }

    Map<String, Long> histogram(String name) {
        return histograms.getOrDefault(name, Map.of());
    }

    /** Rows of a split of a view. */
    long rows(View view, Split split) {
        return splits.getOrDefault(view, Map.of()).getOrDefault(split, 0L);
    }

    Map<String, Long> rejected() {
        return rejected;
    }

    Map<String, Long> invalid() {
        return invalid;
    }

    void count(Sample sample) {
        sample.getCategory().forEach(category -> add("category", category));
        add("judge_min", String.valueOf(sample.getJudgeMin()));
        add("spec_version", sample.getSpecVersion());
        add("model", sample.getGenerator().getModel());
        add("attempt", String.valueOf(sample.getAttempt()));
        add("response_style", String.valueOf(sample.getResponseStyle()).toLowerCase(java.util.Locale.ROOT));
        promptTokens += sample.getGenerator().getUsage().getPromptTokens();
        completionTokens += sample.getGenerator().getUsage().getCompletionTokens();
    }

    void count(Rejection rejection) {
        if (!rejection.getTerminal()) {
            return;
        }
        if (rejection.getOutcome() == Outcome.INVALID) {
            invalid.merge(String.valueOf(rejection.getInvalidReason()), 1L, Long::sum);
        } else {
            rejected.merge(String.valueOf(rejection.getReason()), 1L, Long::sum);
        }
    }

    void shard(View view, Split split, String path, FileSummary fileSummary) {
        splits.computeIfAbsent(view, fresh -> new EnumMap<>(Split.class)).merge(split, fileSummary.rows(), Long::sum);
        shards.computeIfAbsent(view, fresh -> new ArrayList<>())
                .add(new Manifest.Shard(path, split, fileSummary.rows(), fileSummary.bytes(), fileSummary.sha256()));
    }

    void card(byte[] readme) {
        card = new Manifest.FileEntry(Layout.CARD, readme.length, Sha256.hex(readme));
    }

    void removedFile(Manifest.RowsFile file) {
        removedFile = file;
    }

    private void add(String histogram, String value) {
        histograms.computeIfAbsent(histogram, name -> new TreeMap<>()).merge(value, 1L, Long::sum);
    }

    Manifest build() {
        return new Manifest(
                plan.version(),
                plan.from(),
                plan.datasetId(),
                plan.writer(),
                selection.kept(),
                new Manifest.Tokens(promptTokens, completionTokens),
                plan.recipe(),
                plan.runs(),
                plan.offsets(),
                new Manifest.Removed(
                        selection.duplicates().size(),
                        plan.recipe().threshold().map(threshold -> (long) selection.belowThreshold()),
                        withdrawnRows(),
                        Objects.requireNonNull(removedFile, "the removed rows are written before the manifest")),
                plan.recipe().threshold().map(threshold -> (long) selection.readmitted()),
                rejected,
                invalid,
                histograms,
                Objects.requireNonNull(card, "the card is written before the manifest"),
                splits,
                shards);
    }

    private List<Manifest.WithdrawnRows> withdrawnRows() {
        return withdrawn.entrySet().stream()
                .map(each -> new Manifest.WithdrawnRows(
                        each.getKey().number(),
                        each.getKey().why(),
                        each.getValue().samples(),
                        each.getValue().attempts()))
                .toList();
    }
}

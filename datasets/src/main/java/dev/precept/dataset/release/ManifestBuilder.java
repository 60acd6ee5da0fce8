package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.evidence.SampleTally;
import dev.precept.dataset.evidence.StoredSpecifications;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The manifest of a version. It holds no time and no path of a machine, so the same inputs give the same manifest. */
final class ManifestBuilder {
    /** The histograms of samples and of their prompts by risk. */
    static final String RISK = "risk";

    static final String PROMPT_RISK = "prompt_risk";

    private final ReleasePlan plan;
    private final SelectionCounts selection;
    private final Manifest.RowsFile removed;
    private final Map<View, List<Manifest.Shard>> shards = new EnumMap<>(View.class);
    private final Map<View, Map<Split, Long>> splits = new EnumMap<>(View.class);
    private final RowCounts counts = new RowCounts();

    /** @param finished all shards of the version, in order */
    ManifestBuilder(
            ReleasePlan plan,
            SelectionCounts selection,
            Collection<FinishedShards.Finished> finished,
            Manifest.RowsFile removed) {
        this.plan = plan;
        this.selection = selection;
        this.removed = removed;
        for (FinishedShards.Finished shard : finished) {
            counts.add(shard.counts());
            shard.files().forEach(this::add);
        }
    }

    private void add(View view, Manifest.Shard shard) {
        splits.computeIfAbsent(view, fresh -> new EnumMap<>(Split.class)).merge(shard.split(), shard.rows(), Long::sum);
        shards.computeIfAbsent(view, fresh -> new ArrayList<>()).add(shard);
    }

    ReleasePlan plan() {
        return plan;
    }

    SelectionCounts selection() {
        return selection;
    }

    Map<String, Long> histogram(String name) {
        return histograms().getOrDefault(name, Map.of());
    }

    /** Of the rows, and of their risks where a specification states one. */
    private Map<String, Map<String, Long>> histograms() {
        Map<String, Map<String, Long>> all = new TreeMap<>(counts.histograms());
        if (!selection.risks().samples().isEmpty()) {
            all.put(RISK, selection.risks().samples());
            all.put(PROMPT_RISK, selection.risks().prompts());
        }
        return all;
    }

    Manifest.Tokens tokens() {
        return counts.tokens();
    }

    long pairsWithEqualAnswers() {
        return counts.equalAnswers();
    }

    /** The excerpts that rows for reinforcement learning name. */
    Collection<StoredSpecifications.ExcerptKey> excerpts() {
        return counts.excerpts();
    }

    RowLengths lengths() {
        return counts.lengths();
    }

    /** Rows of a split of a view. */
    long rows(View view, Split split) {
        return splits.getOrDefault(view, Map.of()).getOrDefault(split, 0L);
    }

    /** The views of the recipe that have rows, in its order. */
    List<View> viewsWithRows() {
        return plan.recipe().views().stream().filter(shards::containsKey).toList();
    }

    boolean hasValidation() {
        return splits.values().stream().anyMatch(rows -> rows.containsKey(Split.VALIDATION));
    }

    /** In reading order. */
    List<Manifest.Shard> shards(View view) {
        return shards.getOrDefault(view, List.of());
    }

    int files(View view, Split split) {
        return (int) shards.getOrDefault(view, List.of()).stream()
                .filter(shard -> shard.split() == split)
                .count();
    }

    /** A hash of the files of a view: another one for other rows. */
    String filesHash(View view) {
        return Sha256.hex(shards.getOrDefault(view, List.of()).stream()
                .map(Manifest.Shard::sha256)
                .collect(Collectors.joining("\n")));
    }

    /** Of the kept samples. */
    SampleTally evidenceOfSamples() {
        return counts.evidence();
    }

    Manifest build(JsonNode evidence, byte[] card, List<Manifest.FileEntry> extraFiles) {
        return new Manifest(
                plan.version(),
                plan.from(),
                plan.datasetId(),
                plan.writer(),
                selection.kept(),
                selection.prompts(),
                counts.tokens(),
                plan.recipe(),
                plan.runs(),
                plan.offsets(),
                new Manifest.Removed(
                        selection.exactDuplicates(),
                        plan.recipe().threshold().map(threshold -> selection.belowThreshold()),
                        withdrawnRows(),
                        selection.selected(false),
                        selection.selected(true),
                        removed),
                plan.recipe().threshold().map(threshold -> selection.readmitted()),
                selection.rejected(),
                selection.invalid(),
                histograms(),
                Optional.of(evidence),
                new Manifest.FileEntry(Layout.CARD, card.length, Sha256.hex(card)),
                extraFiles,
                splits,
                shards);
    }

    private List<Manifest.WithdrawnRows> withdrawnRows() {
        return selection.withdrawn().entrySet().stream()
                .map(each -> new Manifest.WithdrawnRows(
                        each.getKey().number(),
                        each.getKey().why(),
                        each.getValue().samples(),
                        each.getValue().attempts()))
                .toList();
    }
}

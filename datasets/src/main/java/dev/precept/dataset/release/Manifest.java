package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Outcome;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.util.Map;
import java.util.TreeMap;

/** What a version says of itself. No clock, no path of a machine: the same inputs give the same text. */
final class Manifest {
    static final String WRITER = "precept/0.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Dataset dataset;
    private final ReleaseSettings settings;
    private final Release.Origin origin;
    private final Selection selection;
    private final Map<String, ArrayNode> shards = new TreeMap<>();
    private final Map<String, Map<String, Long>> splits = new TreeMap<>();
    private final Map<String, Map<String, Long>> histograms = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> invalid = new TreeMap<>();
    private final ObjectNode card = JSON.createObjectNode();
    private Map<Withdrawal, JudgedRows.WithdrawnCounts> withdrawn = Map.of();
    private long promptTokens;
    private long completionTokens;

    Manifest(Dataset dataset, ReleaseSettings settings, Release.Origin origin, Selection selection) {
        this.dataset = dataset;
        this.settings = settings;
        this.origin = origin;
        this.selection = selection;
    }

    ReleaseSettings settings() {
        return settings;
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

    /** Rows of a side of a view. */
    long rows(View view, Split split) {
        return splits.getOrDefault(view.label(), Map.of()).getOrDefault(split.label(), 0L);
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
        splits.computeIfAbsent(view.label(), label -> new TreeMap<>())
                .merge(split.label(), fileSummary.rows(), Long::sum);
        shards.computeIfAbsent(view.label(), label -> JSON.createArrayNode())
                .addObject()
                .put("path", path)
                .put("split", split.label())
                .put("rows", fileSummary.rows())
                .put("bytes", fileSummary.bytes())
                .put("sha256", fileSummary.sha256());
    }

    void card(byte[] readme) {
        card.put("path", "README.md").put("bytes", readme.length).put("sha256", Sha256.hex(readme));
    }

    private void add(String histogram, String value) {
        histograms.computeIfAbsent(histogram, name -> new TreeMap<>()).merge(value, 1L, Long::sum);
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", settings.name());
        origin.from().ifPresent(from -> json.put("from", from));
        json.put("dataset_id", dataset.id());
        json.put("writer", WRITER);
        json.put("rows", selection.kept());
        json.putObject("tokens").put("prompt", promptTokens).put("completion", completionTokens);
        json.set("recipe", recipe(settings, origin));
        ArrayNode runs = json.putArray("runs");
        origin.rows()
                .runs()
                .forEach(run -> runs.addObject().put("run_id", run.runId()).set("identity", run.identity()));
        json.set("offsets", offsets(origin));
        json.set("removed", removedJson());
        settings.threshold().ifPresent(threshold -> json.put("brought_in", selection.readmitted()));
        json.set("rejected", JSON.valueToTree(rejected));
        json.set("invalid", JSON.valueToTree(invalid));
        json.set("histograms", JSON.valueToTree(histograms));
        json.set("card", card);
        json.set("splits", JSON.valueToTree(splits));
        json.set("views", JSON.valueToTree(shards));
        return json;
    }

    /** How far each chain was read. */
    static ArrayNode offsets(Release.Origin origin) {
        ArrayNode offsets = JSON.createArrayNode();
        origin.rows()
                .chains()
                .forEach(end -> offsets.addObject()
                        .put("topic", end.chain().id().topic())
                        .put("topic_id", end.chain().id().topicId())
                        .put("partition", end.chain().id().partition())
                        .put("to", end.to()));
        return offsets;
    }

    /** With the offsets, all that decides what is in the version. */
    static ObjectNode recipe(ReleaseSettings settings, Release.Origin origin) {
        ObjectNode recipe = JSON.createObjectNode();
        settings.views().forEach(view -> recipe.withArray("views").add(view.label()));
        recipe.put("shards", settings.shards());
        recipe.put("world_size", settings.worldSize());
        recipe.put("order", "sample_id");
        recipe.put("validation", settings.validation());
        if (settings.views().contains(View.PREFERENCE)) {
            recipe.put("preference_gap", settings.preferenceGap());
        }
        settings.threshold().ifPresent(threshold -> recipe.put("threshold", threshold));
        settings.templates()
                .forEach(template -> recipe.withArray("templates")
                        .addObject()
                        .put("name", template.name())
                        .put("sha256", template.sha256()));
        origin.withdrawals()
                .forEach(withdrawal -> recipe.withArray("withdrawals").add(withdrawal.json()));
        return recipe;
    }

    private ObjectNode removedJson() {
        ObjectNode removed = JSON.createObjectNode();
        ArrayNode ids = removed.putObject("exact_duplicates")
                .put("count", selection.duplicates().size())
                .putArray("sample_ids");
        selection.duplicates().forEach(id -> ids.add(id.toString()));
        settings.threshold()
                .ifPresent(threshold -> removed.putObject("below_threshold").put("count", selection.belowThreshold()));
        withdrawn.forEach((withdrawal, withdrawnCounts) -> removed.withArray("withdrawn")
                .addObject()
                .put("number", withdrawal.number())
                .put("why", withdrawal.why())
                .put("samples", withdrawnCounts.samples())
                .put("attempts", withdrawnCounts.attempts()));
        return removed;
    }
}

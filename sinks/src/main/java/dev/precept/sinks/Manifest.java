package dev.precept.sinks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Outcome;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.ContentId;
import dev.precept.sinks.parquet.ParquetFiles.Checked;
import dev.precept.sinks.view.Split;
import dev.precept.sinks.view.View;
import java.util.Map;
import java.util.TreeMap;

/** What a version says of itself. No clock, no path of a machine: the same inputs give the same text. */
final class Manifest {
    static final String WRITER = "precept/0.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Dataset dataset;
    private final ReleaseSettings settings;
    private final CommittedRows committed;
    private final Selection selection;
    private final Map<String, ArrayNode> shards = new TreeMap<>();
    private final Map<String, Map<String, Long>> splits = new TreeMap<>();
    private final Map<String, Map<String, Long>> histograms = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> dead = new TreeMap<>();
    private final ObjectNode card = JSON.createObjectNode();
    private long promptTokens;
    private long completionTokens;

    Manifest(Dataset dataset, ReleaseSettings settings, CommittedRows committed, Selection selection) {
        this.dataset = dataset;
        this.settings = settings;
        this.committed = committed;
        this.selection = selection;
    }

    ReleaseSettings settings() {
        return settings;
    }

    Selection selection() {
        return selection;
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

    Map<String, Long> dead() {
        return dead;
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
        if (rejection.getOutcome() == Outcome.DEAD) {
            dead.merge(String.valueOf(rejection.getCause()), 1L, Long::sum);
        } else {
            rejected.merge(String.valueOf(rejection.getReason()), 1L, Long::sum);
        }
    }

    void shard(View view, Split split, String path, Checked checked) {
        splits.computeIfAbsent(view.label(), label -> new TreeMap<>()).merge(split.label(), checked.rows(), Long::sum);
        shards.computeIfAbsent(view.label(), label -> JSON.createArrayNode())
                .addObject()
                .put("path", path)
                .put("split", split.label())
                .put("rows", checked.rows())
                .put("bytes", checked.bytes())
                .put("sha256", checked.sha256());
    }

    void card(byte[] readme) {
        card.put("path", "README.md").put("bytes", readme.length).put("sha256", ContentId.of(readme));
    }

    private void add(String histogram, String value) {
        histograms.computeIfAbsent(histogram, name -> new TreeMap<>()).merge(value, 1L, Long::sum);
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", settings.name());
        json.put("dataset_id", dataset.id());
        json.put("writer", WRITER);
        json.put("rows", selection.kept());
        json.putObject("tokens").put("prompt", promptTokens).put("completion", completionTokens);
        ObjectNode recipe = json.putObject("recipe");
        settings.views().forEach(view -> recipe.withArray("views").add(view.label()));
        recipe.put("shards", settings.shards());
        recipe.put("order", "sample_id");
        recipe.put("validation", settings.validation());
        if (settings.views().contains(View.PREFERENCE)) {
            recipe.put("preference_gap", settings.preferenceGap());
        }
        ArrayNode runs = json.putArray("runs");
        dataset.runs()
                .forEach(run -> runs.addObject().put("run_id", run.runId()).set("identity", run.identity()));
        ArrayNode offsets = json.putArray("offsets");
        committed
                .chains()
                .forEach(end -> offsets.addObject()
                        .put("topic", end.chain().id().topic())
                        .put("topic_id", end.chain().id().topicId())
                        .put("partition", end.chain().id().partition())
                        .put("to", end.to()));
        ObjectNode removed = json.putObject("removed").putObject("exact_duplicates");
        removed.put("count", selection.duplicates().size());
        removed.set("sample_ids", JSON.valueToTree(selection.duplicates()));
        json.set("rejected", JSON.valueToTree(rejected));
        json.set("dead", JSON.valueToTree(dead));
        json.set("histograms", JSON.valueToTree(histograms));
        json.set("card", card);
        json.set("splits", JSON.valueToTree(splits));
        json.set("views", JSON.valueToTree(shards));
        return json;
    }
}

package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A manifest as JSON, and back. */
final class ManifestJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern WRITER = Pattern.compile(Pattern.quote(Manifest.FORMAT) + "( .*)?");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");
    private static final Set<String> TOPICS = Set.of(Topics.SAMPLES.name(), Topics.REJECTIONS.name());

    /** The only order of rows there is. */
    private static final String ORDER = "sample_id";

    private ManifestJson() {}

    static Manifest read(JsonMembers json) throws InvalidDocumentException {
        String writer = json.text("writer");
        if (!WRITER.matcher(writer).matches()) {
            throw json.invalid(
                    "writer", "'" + writer + "' is another format than " + Manifest.FORMAT + ", which is read here");
        }
        Map<String, Map<String, Long>> histograms = new HashMap<>();
        JsonMembers columns = json.object("histograms");
        for (String column : columns.names()) {
            histograms.put(column, columns.counts(column));
        }
        return new Manifest(
                json.text("version", VERSION),
                json.has("from") ? Optional.of(json.text("from", VERSION)) : Optional.empty(),
                json.text("dataset_id"),
                writer,
                json.count("rows"),
                bySplit(json, "prompts"),
                tokens(json.object("tokens")),
                recipe(json.object("recipe")),
                runs(json),
                offsets(json),
                removed(json.object("removed")),
                json.optionalCount("brought_in"),
                json.counts("rejected"),
                json.counts("invalid"),
                histograms,
                json.has("evidence") ? Optional.of(json.object("evidence").json()) : Optional.empty(),
                file(json.object("card")),
                json.optionalList("extra_files", ManifestJson::file),
                splits(json.object("splits")),
                views(json.object("views")));
    }

    static Manifest.ReleaseRecipe recipe(JsonMembers json) throws InvalidDocumentException {
        List<View> views = new ArrayList<>();
        for (String label : json.texts("views")) {
            views.add(view(json, "views", label));
        }
        if (!json.text("order").equals(ORDER)) {
            throw json.invalid("order", "is not '" + ORDER + "'");
        }
        return new Manifest.ReleaseRecipe(
                views,
                json.smallCount("shards"),
                json.smallCount("world_size"),
                json.number("validation"),
                json.optionalList("earlier_splits", ManifestJson::earlierSplits),
                json.optionalNumber("preference_gap"),
                json.optionalNumber("threshold"),
                json.optionalList(
                        "templates",
                        template -> new Manifest.Template(template.text("name"), template.text("sha256", SHA256))),
                json.optionalList(
                        "withdrawals",
                        each -> new Withdrawal(each.count("number"), each.text("why"), RowSelector.read(each))),
                new Manifest.RowOptions(
                        json.has("developer_as_system") && json.flag("developer_as_system"),
                        json.has("rl_unkept") && json.flag("rl_unkept")),
                new Manifest.Labels(
                        json.optionalText("license"), json.has("language") ? json.texts("language") : List.of()),
                json.has("neardup") ? nearDuplicates(json.object("neardup")) : Manifest.NearDuplicates.OFF,
                CurationJson.read(json),
                json.has("gates") ? json.numbers("gates") : Map.of());
    }

    private static Manifest.NearDuplicates nearDuplicates(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.NearDuplicates(policy(json, "prompts"), policy(json, "samples"), json.number("threshold"));
    }

    private static NearDuplicateSettings.Policy policy(JsonMembers json, String name) throws InvalidDocumentException {
        for (NearDuplicateSettings.Policy policy : NearDuplicateSettings.Policy.values()) {
            if (policy.label().equals(json.text(name))) {
                return policy;
            }
        }
        throw json.invalid(name, "'" + json.text(name) + "' is not off, report or reject");
    }

    private static Manifest.Tokens tokens(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.Tokens(
                json.count("prompt"),
                json.has("cached") ? json.count("cached") : 0,
                json.count("completion"),
                json.has("reasoning") ? json.count("reasoning") : 0);
    }

    private static Manifest.EarlierSplits earlierSplits(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.EarlierSplits(
                json.text("version", VERSION),
                json.number("validation"),
                json.flag("attempts"),
                json.optionalNumber("similar"),
                offsets(json));
    }

    private static View view(JsonMembers json, String name, String label) throws InvalidDocumentException {
        Optional<View> view = View.byLabel(label);
        if (view.isEmpty()) {
            throw json.invalid(name, "'" + label + "' is not a view");
        }
        return view.get();
    }

    private static Split split(JsonMembers json, String name, String label) throws InvalidDocumentException {
        Optional<Split> split = Split.byLabel(label);
        if (split.isEmpty()) {
            throw json.invalid(name, "'" + label + "' is not a split");
        }
        return split.get();
    }

    static List<Manifest.SourceRun> runs(JsonMembers json) throws InvalidDocumentException {
        return json.list(
                "runs",
                run -> new Manifest.SourceRun(
                        run.text("run_id"),
                        run.object("identity").json(),
                        run.has("evidence_sha256")
                                ? Optional.of(run.text("evidence_sha256", SHA256))
                                : Optional.empty()));
    }

    static List<Manifest.ChainOffset> offsets(JsonMembers json) throws InvalidDocumentException {
        return json.list("offsets", ManifestJson::offset);
    }

    private static Manifest.ChainOffset offset(JsonMembers json) throws InvalidDocumentException {
        String topic = json.text("topic");
        if (!TOPICS.contains(topic)) {
            throw json.invalid("topic", "'" + topic + "' is not a topic that is committed");
        }
        return new Manifest.ChainOffset(
                new ChainId(topic, json.text("topic_id"), json.smallCount("partition")), json.count("to"));
    }

    private static Manifest.Removed removed(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.Removed(
                json.object("exact_duplicates").count("count"),
                json.has("below_threshold")
                        ? Optional.of(json.object("below_threshold").count("count"))
                        : Optional.empty(),
                json.optionalList(
                        "withdrawn",
                        each -> new Manifest.WithdrawnRows(
                                each.count("number"), each.text("why"), each.count("samples"), each.count("attempts"))),
                json.has("selected") ? json.counts("selected") : Map.of(),
                json.has("reported") ? json.counts("reported") : Map.of(),
                rowsFile(json.object("file")));
    }

    private static Manifest.RowsFile rowsFile(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.RowsFile(
                json.text("path", PATH), json.count("rows"), json.count("bytes"), json.text("sha256", SHA256));
    }

    private static Manifest.FileEntry file(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.FileEntry(json.text("path", PATH), json.count("bytes"), json.text("sha256", SHA256));
    }

    private static Manifest.Shard shard(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.Shard(
                json.text("path", PATH),
                split(json, "split", json.text("split")),
                json.count("rows"),
                json.count("bytes"),
                json.text("sha256", SHA256));
    }

    private static Map<View, Map<Split, Long>> splits(JsonMembers json) throws InvalidDocumentException {
        Map<View, Map<Split, Long>> splits = new EnumMap<>(View.class);
        for (String label : json.names()) {
            splits.put(view(json, label, label), bySplit(json, label));
        }
        return splits;
    }

    private static Map<Split, Long> bySplit(JsonMembers json, String name) throws InvalidDocumentException {
        Map<Split, Long> counts = new EnumMap<>(Split.class);
        for (Map.Entry<String, Long> each : json.counts(name).entrySet()) {
            counts.put(split(json, name, each.getKey()), each.getValue());
        }
        return counts;
    }

    private static Map<View, List<Manifest.Shard>> views(JsonMembers json) throws InvalidDocumentException {
        Map<View, List<Manifest.Shard>> views = new EnumMap<>(View.class);
        for (String label : json.names()) {
            views.put(view(json, label, label), json.list(label, ManifestJson::shard));
        }
        return views;
    }

    static ObjectNode write(Manifest manifest) {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", manifest.version());
        manifest.from().ifPresent(from -> json.put("from", from));
        json.put("dataset_id", manifest.datasetId());
        json.put("writer", manifest.writer());
        json.put("rows", manifest.rows());
        ObjectNode prompts = json.putObject("prompts");
        manifest.prompts().forEach((split, count) -> prompts.put(split.label(), count));
        json.putObject("tokens")
                .put("prompt", manifest.tokens().prompt())
                .put("cached", manifest.tokens().cached())
                .put("completion", manifest.tokens().completion())
                .put("reasoning", manifest.tokens().reasoning());
        json.set("recipe", recipe(manifest.recipe()));
        putInput(json, manifest.runs(), manifest.offsets());
        json.set("removed", removed(manifest.removed()));
        manifest.readmitted().ifPresent(count -> json.put("brought_in", count));
        json.set("rejected", JSON.valueToTree(manifest.rejected()));
        json.set("invalid", JSON.valueToTree(manifest.invalid()));
        json.set("histograms", JSON.valueToTree(manifest.histograms()));
        manifest.evidence().ifPresent(evidence -> json.set("evidence", evidence));
        json.putObject("card")
                .put("path", manifest.card().path())
                .put("bytes", manifest.card().bytes())
                .put("sha256", manifest.card().sha256());
        manifest.extraFiles()
                .forEach(file -> json.withArray("extra_files")
                        .addObject()
                        .put("path", file.path())
                        .put("bytes", file.bytes())
                        .put("sha256", file.sha256()));
        ObjectNode splits = json.putObject("splits");
        manifest.splits().forEach((view, rows) -> {
            ObjectNode counts = splits.putObject(view.label());
            rows.forEach((split, count) -> counts.put(split.label(), count));
        });
        ObjectNode views = json.putObject("views");
        manifest.views()
                .forEach((view, shards) -> shards.forEach(shard -> views.withArray(view.label())
                        .addObject()
                        .put("path", shard.path())
                        .put("split", shard.split().label())
                        .put("rows", shard.rows())
                        .put("bytes", shard.bytes())
                        .put("sha256", shard.sha256())));
        return json;
    }

    /** Adds the runs and the offsets that a version is made from. */
    static void putInput(ObjectNode json, List<Manifest.SourceRun> from, List<Manifest.ChainOffset> ends) {
        ArrayNode runs = json.putArray("runs");
        for (Manifest.SourceRun run : from) {
            ObjectNode entry = runs.addObject().put("run_id", run.runId());
            entry.set("identity", run.identity());
            run.evidence().ifPresent(sha256 -> entry.put("evidence_sha256", sha256));
        }
        putOffsets(json, ends);
    }

    private static void putOffsets(ObjectNode json, List<Manifest.ChainOffset> ends) {
        ArrayNode offsets = json.putArray("offsets");
        ends.forEach(end -> offsets.addObject()
                .put("topic", end.chain().topic())
                .put("topic_id", end.chain().topicId())
                .put("partition", end.chain().partition())
                .put("to", end.to()));
    }

    static ObjectNode recipe(Manifest.ReleaseRecipe recipe) {
        ObjectNode json = JSON.createObjectNode();
        recipe.views().forEach(view -> json.withArray("views").add(view.label()));
        json.put("shards", recipe.shards());
        json.put("world_size", recipe.worldSize());
        json.put("order", ORDER);
        json.put("validation", recipe.validation());
        recipe.earlierSplits().forEach(earlier -> {
            ObjectNode splits = json.withArray("earlier_splits")
                    .addObject()
                    .put("version", earlier.version())
                    .put("validation", earlier.validation())
                    .put("attempts", earlier.attempts());
            earlier.similar().ifPresent(threshold -> splits.put("similar", threshold));
            putOffsets(splits, earlier.offsets());
        });
        recipe.preferenceGap().ifPresent(gap -> json.put("preference_gap", gap));
        recipe.threshold().ifPresent(threshold -> json.put("threshold", threshold));
        recipe.templates()
                .forEach(template -> json.withArray("templates")
                        .addObject()
                        .put("name", template.name())
                        .put("sha256", template.sha256()));
        recipe.withdrawals().forEach(withdrawal -> json.withArray("withdrawals").add(withdrawal.json()));
        if (recipe.rows().developerAsSystem()) {
            json.put("developer_as_system", true);
        }
        if (recipe.rows().rlUnkept()) {
            json.put("rl_unkept", true);
        }
        recipe.labels().license().ifPresent(license -> json.put("license", license));
        recipe.labels()
                .languages()
                .forEach(language -> json.withArray("language").add(language));
        if (recipe.nearDuplicates().isOn()) {
            json.putObject("neardup")
                    .put("prompts", recipe.nearDuplicates().prompts().label())
                    .put("samples", recipe.nearDuplicates().samples().label())
                    .put("threshold", recipe.nearDuplicates().threshold());
        }
        CurationJson.write(recipe.curation(), json);
        if (!recipe.gates().isEmpty()) {
            json.set("gates", JSON.valueToTree(recipe.gates()));
        }
        return json;
    }

    private static ObjectNode removed(Manifest.Removed removed) {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("exact_duplicates").put("count", removed.exactDuplicates());
        removed.belowThreshold()
                .ifPresent(count -> json.putObject("below_threshold").put("count", count));
        removed.withdrawn()
                .forEach(each -> json.withArray("withdrawn")
                        .addObject()
                        .put("number", each.number())
                        .put("why", each.why())
                        .put("samples", each.samples())
                        .put("attempts", each.attempts()));
        if (!removed.selected().isEmpty()) {
            json.set("selected", JSON.valueToTree(removed.selected()));
        }
        if (!removed.reported().isEmpty()) {
            json.set("reported", JSON.valueToTree(removed.reported()));
        }
        json.putObject("file")
                .put("path", removed.file().path())
                .put("rows", removed.file().rows())
                .put("bytes", removed.file().bytes())
                .put("sha256", removed.file().sha256());
        return json;
    }
}

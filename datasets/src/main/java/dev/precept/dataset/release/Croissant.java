package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.view.View;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The description of a version for machines: Croissant 1.1 (mlcommons.org/croissant/1.1) with the vocabulary of responsible AI,
 * as JSON-LD. It holds no time but those of the samples, so equal versions give equal bytes.
 */
final class Croissant {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_LINES = "application/jsonlines";
    private static final String PARQUET = "application/vnd.apache.parquet";

    /** Between the judges of a panel, as the identity of a run has them. */
    private static final Pattern PANEL = Pattern.compile(", ");

    private final ManifestBuilder version;
    private final JsonNode evidence;
    private final ObjectNode json = JSON.createObjectNode();

    private Croissant(ManifestBuilder version, JsonNode evidence) {
        this.version = version;
        this.evidence = evidence;
    }

    static byte[] render(ManifestBuilder version, JsonNode evidence) {
        return Dataset.pretty(new Croissant(version, evidence).json());
    }

    private ObjectNode json() {
        Manifest.Labels labels = version.plan().recipe().labels();
        SortedMap<String, Long> days = new TreeMap<>(version.histogram(RowCounts.CREATED_ON));
        json.set("@context", CroissantContext.json());
        json.put("@type", "sc:Dataset");
        json.putArray("conformsTo")
                .add("http://mlcommons.org/croissant/1.1")
                .add("http://mlcommons.org/croissant/RAI/1.0");
        json.put("name", "precept-" + version.plan().version());
        json.put(
                "description",
                "Spec-grounded reasoning data: prompts with a chain of thought and an answer that were generated with a"
                        + " part of a safety specification, and scored by judges that had the same part.");
        json.put(
                "url",
                "urn:precept:" + version.plan().datasetId() + ":"
                        + version.plan().version());
        json.put("version", version.plan().version());
        json.putObject("license")
                .put("@type", "sc:CreativeWork")
                .put("name", labels.license().orElse("not stated"));
        json.putObject("creator").put("@type", "sc:Organization").put("name", "not stated");
        if (!days.isEmpty()) {
            json.put("datePublished", days.lastKey());
        }
        if (!labels.languages().isEmpty()) {
            labels.languages().forEach(json.putArray("inLanguage")::add);
        }
        List.of("deliberative-alignment", "safety", "reasoning").forEach(json.putArray("keywords")::add);
        distribution();
        responsibleAi(days);
        provenance(days);
        return json;
    }

    private void distribution() {
        ArrayNode files = json.putArray("distribution");
        ArrayNode records = json.putArray("recordSet");
        for (View view : version.viewsWithRows()) {
            String format = view.isJsonLines() ? JSON_LINES : PARQUET;
            for (Manifest.Shard shard : version.shards(view)) {
                files.addObject()
                        .put("@type", "cr:FileObject")
                        .put("@id", shard.path())
                        .put("name", shard.path())
                        .put("contentUrl", shard.path())
                        .put("contentSize", shard.bytes() + " B")
                        .put("encodingFormat", format)
                        .put("sha256", shard.sha256());
            }
            String id = view.label() + "-files";
            files.addObject()
                    .put("@type", "cr:FileSet")
                    .put("@id", id)
                    .put("name", id)
                    .put("encodingFormat", format)
                    .put("includes", view.label() + "/*/*" + view.extension());
            if (!view.isJsonLines()) { // those have no columns of one type
                records.add(CroissantRecords.of(
                        view, id, view.projection(version.selection().format()).schema()));
            }
        }
    }

    private void responsibleAi(SortedMap<String, Long> days) {
        JsonNode judge = evidence.path("judge");
        json.put(
                "rai:dataCollection",
                "A model answered each prompt with a part of the specification in its request. Screens searched the"
                        + " completion for pieces of the request, for citations and personal data. Judges with the same part"
                        + " scored it; the lowest vote decided.");
        json.put("rai:dataCollectionType", "Software Collection");
        json.put(
                "rai:dataCollectionRawData",
                "Prompts of "
                        + String.join(
                                ", ",
                                new TreeSet<>(
                                        version.histogram(RowCounts.SOURCE).keySet())));
        if (!days.isEmpty()) {
            json.putArray("rai:dataCollectionTimeframe").add(days.firstKey()).add(days.lastKey());
        }
        judges().forEach(json.putArray("rai:machineAnnotationTools")::add);
        json.put("rai:annotationsPerItem", votesPerSample());
        json.put(
                "rai:dataAnnotationProtocol",
                "Votes of 0 to 10 by language models, by the criteria of the run in prov:wasGeneratedBy; no annotation by"
                        + " people.");
        json.putArray("rai:dataAnnotationAnalysis")
                .add("Krippendorff's alpha, interval: " + known(judge.path("alpha")))
                .add("Gwet's AC2, quadratic weights: " + known(judge.path("ac2")))
                .add("Candidates judged in full: " + known(judge.path("audited")))
                .add("Share of known-bad canaries turned away: " + known(judge.path("sensitivity")))
                .add("Share of known-good canaries kept: " + known(judge.path("specificity")))
                .add("Share of bad among the kept samples, corrected: " + known(judge.path("bad_among_kept")));
        json.put(
                "rai:personalSensitiveInformation",
                "Samples with e-mail addresses, phone numbers, card numbers or keys: "
                        + known(evidence.path("personal").path("any")) + " of "
                        + evidence.path("personal").path("samples") + " that were searched");
        json.put(
                "rai:dataLimitations",
                "Prompts are adversarial by design, and reasoning may discuss harmful content. A citation does not show that"
                        + " the reasoning follows from the clause; votes of one model share its errors.");
        json.put("rai:dataBiases", "Judges prefer answers of models of their own family; see bias in the evidence.");
        json.put(
                "rai:dataUseCases",
                "Training and evaluation of models that reason over a safety specification; not for display to people who"
                        + " do not expect such content.");
        json.put(
                "rai:dataReleaseMaintenancePlan",
                "A version never changes. Samples are withdrawn by making another version.");
    }

    private static String known(JsonNode number) {
        return number.isNumber() ? number.asText() : "not known, or too few";
    }

    private NavigableSet<String> judges() {
        NavigableSet<String> judges = new TreeSet<>();
        for (Manifest.SourceRun run : version.plan().runs()) {
            JsonNode model = run.identity().path("judge.model");
            if (model.isTextual()) {
                for (String judge : PANEL.split(model.textValue())) {
                    judges.add(judge);
                }
            }
        }
        return judges;
    }

    private String votesPerSample() {
        long votes =
                evidence.path("votes").valueStream().mapToLong(JsonNode::asLong).sum();
        long samples = evidence.path("samples").asLong();
        return samples == 0 ? "0" : String.valueOf(Math.rint(100.0 * votes / samples) / 100);
    }

    private void provenance(SortedMap<String, Long> days) {
        ArrayNode activities = json.putArray("prov:wasGeneratedBy");
        for (Manifest.SourceRun run : version.plan().runs()) {
            ObjectNode activity = activities.addObject();
            activity.put("@type", "prov:Activity")
                    .put("@id", "urn:precept:run:" + run.runId())
                    .put("prov:label", "run " + run.runId());
        }
        if (!days.isEmpty() && activities.size() == 1) {
            ((ObjectNode) activities.get(0))
                    .put("prov:startedAtTime", days.firstKey())
                    .put("prov:endedAtTime", days.lastKey());
        }
    }
}

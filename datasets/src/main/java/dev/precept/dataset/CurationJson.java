package dev.precept.dataset;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.QuotaSettings;
import dev.precept.spec.Risk;
import java.util.Optional;

/** The settings of a version that leave out good rows, as members of its recipe. */
final class CurationJson {
    private static final String MAX_RISK = "max_risk";

    private CurationJson() {}

    static Manifest.Curation read(JsonMembers recipe) throws InvalidDocumentException {
        return new Manifest.Curation(
                recipe.has("semantic") ? Optional.of(semantic(recipe.object("semantic"))) : Optional.empty(),
                recipe.optionalList("quotas", CurationJson::quota),
                recipe.has("select") ? Optional.of(select(recipe.object("select"))) : Optional.empty(),
                recipe.has(MAX_RISK) ? Optional.of(level(recipe)) : Optional.empty());
    }

    private static Risk.Level level(JsonMembers recipe) throws InvalidDocumentException {
        Optional<Risk.Level> level = Risk.Level.byLabel(recipe.text(MAX_RISK));
        if (level.isEmpty()) {
            throw recipe.invalid(MAX_RISK, "'" + recipe.text(MAX_RISK) + "' is not a level of a risk");
        }
        return level.get();
    }

    private static Manifest.Semantic semantic(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.Semantic(
                json.number("threshold"), json.text("policy"), json.text("model"), json.smallCount("max_chars"));
    }

    private static QuotaSettings.Quota quota(JsonMembers json) throws InvalidDocumentException {
        return new QuotaSettings.Quota(json.text("category"), json.optionalText("style"), json.count("samples"));
    }

    private static Manifest.Select select(JsonMembers json) throws InvalidDocumentException {
        return new Manifest.Select(json.count("total"), json.texts("balance"));
    }

    static void write(Manifest.Curation curation, ObjectNode recipe) {
        curation.semantic()
                .ifPresent(semantic -> recipe.putObject("semantic")
                        .put("threshold", semantic.threshold())
                        .put("policy", semantic.policy())
                        .put("model", semantic.model())
                        .put("max_chars", semantic.mostChars()));
        for (QuotaSettings.Quota quota : curation.quotas()) {
            ObjectNode json = recipe.withArray("quotas").addObject();
            json.put("category", quota.category());
            quota.style().ifPresent(style -> json.put("style", style));
            json.put("samples", quota.samples());
        }
        curation.select().ifPresent(select -> {
            ArrayNode balance =
                    recipe.putObject("select").put("total", select.total()).putArray("balance");
            select.balance().forEach(balance::add);
        });
        curation.maxRisk().ifPresent(level -> recipe.put(MAX_RISK, level.label()));
    }
}

package dev.precept.console.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.ApiRequest;
import dev.precept.console.api.Route;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Refs;
import dev.precept.runtime.http.WebReply;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The released versions of a dataset with their numbers, as their manifests state them. */
public final class VersionRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HIGHEST = 10;

    private final Dataset dataset;
    private final Optional<String> shown;

    private VersionRoutes(Dataset dataset, Optional<String> shown) {
        this.dataset = dataset;
        this.shown = shown;
    }

    /** @param shown the version that the console was opened for, which is listed first */
    public static List<Route> of(Dataset dataset, Optional<String> shown) {
        VersionRoutes routes = new VersionRoutes(dataset, shown);
        return List.of(Route.get("/api/versions", routes::list), Route.get("/api/versions/{version}", routes::one));
    }

    private WebReply list(ApiRequest request) throws ApiException, IOException {
        List<String> names = new ArrayList<>(dataset.versions().all());
        names.sort(VersionNames.NEWEST_FIRST);
        shown.filter(names::remove).ifPresent(names::addFirst);
        ObjectNode json = JSON.createObjectNode();
        ArrayNode versions = json.putArray("versions");
        for (String name : names) {
            JsonNode manifest = manifest(name);
            versions.addObject()
                    .put("name", name)
                    .put("rows", manifest.path("rows").asLong())
                    .set("from", text(manifest, "from"));
        }
        return ApiReply.json(json);
    }

    private static JsonNode text(JsonNode manifest, String name) {
        return manifest.path(name).isTextual() ? manifest.path(name) : JSON.nullNode();
    }

    private WebReply one(ApiRequest request) throws ApiException, IOException {
        String name = request.segment("version");
        JsonNode manifest = manifest(name);
        JsonNode histograms = manifest.path("histograms");
        JsonNode evidence = manifest.path("evidence");
        ObjectNode json = JSON.createObjectNode();
        json.put("name", name);
        json.put("rows", manifest.path("rows").asLong());
        json.set("from", text(manifest, "from"));
        json.set("evidence", evidence.isObject() ? evidence : JSON.nullNode());
        json.set("lowest_votes", grades(histograms.path("judge_min")));
        json.set("votes", evidence.path("votes").isObject() ? evidence.path("votes") : JSON.createObjectNode());
        json.set("categories", object(histograms.path("category")));
        json.set("styles", object(histograms.path("response_style")));
        json.set("models", object(histograms.path("model")));
        json.set("removed", object(manifest.path("removed")));
        json.set("rejected", object(manifest.path("rejected")));
        JsonNode cost = evidence.path("cost").path("usd_per_accepted");
        // 0 is the sum of calls without a price.
        json.set("usd_per_sample", cost.asDouble() > 0 ? cost : JSON.nullNode());
        return ApiReply.json(json);
    }

    private static JsonNode object(JsonNode json) {
        return json.isObject() ? json : JSON.createObjectNode();
    }

    /** Counts by grade; a vote between two grades counts for the lower one. */
    private static ObjectNode grades(JsonNode histogram) {
        Map<Integer, Long> counts = new TreeMap<>();
        histogram.properties().forEach(entry -> {
            int grade = (int) Math.floor(Double.parseDouble(entry.getKey()));
            counts.merge(Math.clamp(grade, 0, HIGHEST), entry.getValue().asLong(), Long::sum);
        });
        ObjectNode json = JSON.createObjectNode();
        counts.forEach((grade, count) -> json.put(String.valueOf(grade), count));
        return json;
    }

    /** As stored: a later build may have members that this one does not know. */
    private JsonNode manifest(String name) throws ApiException, IOException {
        Optional<byte[]> stored =
                Refs.isValidName(name) ? dataset.store().read(Layout.manifest(name)) : Optional.empty();
        if (stored.isEmpty()) {
            throw ApiException.notFound("the dataset has no version of this name");
        }
        try {
            return JSON.readTree(stored.get());
        } catch (IOException e) {
            throw new StoreException.Corrupt(
                    dataset.location() + "/" + Layout.manifest(name) + " is not JSON; put it back from a backup", e);
        }
    }
}

package dev.precept.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.console.api.Route;
import dev.precept.dataset.Audit;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the interface is what programs rely on: every route is in it, and answers are as it says. */
class OpenApiTest {
    @TempDir
    private Path folder;

    @Test
    void describesEveryRouteOfADatasetAndNoOther() throws IOException {
        CommittedDataset dataset = ConsoleFixture.dataset(folder);
        Console.Shown shown = new Console.Shown(
                dataset.dataset(),
                new StoreLocation.Folder(dataset.folder()),
                Optional.empty(),
                who -> new Audit.Principal("", "", who));
        Set<String> served = new TreeSet<>();
        for (Route route : Console.routes("x", false, Optional.of(shown), List.of())) {
            served.add(route.method() + " " + route.path());
        }
        Set<String> described = new TreeSet<>();
        document()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(described).containsAll(served);
        assertThat(served)
                .containsAll(described.stream().filter(OpenApiTest::isOfDataset).toList());
    }

    /** The run and its prompts are described with them, and served where there is a run. */
    private static boolean isOfDataset(String route) {
        return !route.contains("/api/run") && !route.contains("/api/try");
    }

    @Test
    void answersAreAsDescribed() throws IOException {
        CommittedDataset dataset = ConsoleFixture.dataset(folder);
        dataset.complete();
        RunEvidence.RoleSpend unpriced = new RunEvidence.RoleSpend(1, 10, Map.of(), 100, 0, 50, 0, 0, 0, 0);
        new RunEvidence(NeutralRows.RUN, Instant.EPOCH, 0, Map.of("judge", unpriced), Map.of(), List.of())
                .store(dataset.dataset());
        Release.make(dataset.dataset(), new ReleaseSettings("v1", List.of(View.RAW), 1), folder.resolve("release"));
        String version = ConsoleFixture.SPECIFICATION.version();
        try (ConsoleFixture console = new ConsoleFixture(dataset)) {
            console.rows("");
            console.post(
                    "/api/calibrations",
                    "{\"row\": \"" + NeutralRows.sample(5).getSampleId()
                            + "\", \"verdict\": \"turn_away\", \"why\": \"w\", \"who\": \"x\"}");
            Map<String, String> requests = Map.of(
                    "/api/info", "/api/info",
                    "/api/rows", "/api/rows",
                    "/api/rows/{id}", "/api/rows/" + NeutralRows.sample(4).getSampleId(),
                    "/api/specs", "/api/specs",
                    "/api/specs/{version}", "/api/specs/" + version,
                    "/api/specs-diff", "/api/specs-diff?from=" + version + "&to=" + version,
                    "/api/versions", "/api/versions",
                    "/api/versions/{version}", "/api/versions/v1",
                    "/api/calibrations", "/api/calibrations");
            requests.forEach((path, request) -> {
                JsonNode schema = document()
                        .path("paths")
                        .path(path)
                        .path("get")
                        .path("responses")
                        .path("200");
                List<String> problems = new ArrayList<>();
                check(
                        schema.path("content").path("application/json").path("schema"),
                        console.get(request),
                        path,
                        problems);
                assertThat(problems).isEmpty();
            });
            assertThat(console.get("/api/versions/v1").path("usd_per_sample").isNull())
                    .as("calls without a price")
                    .isTrue();
            HttpResponse<String> document =
                    console.send(console.request("/api/openapi.json").GET().build());
            assertThat(ConsoleFixture.json(document)).isEqualTo(document());
        }
    }

    private static JsonNode document() {
        try {
            return new ObjectMapper().readTree(Console.class.getResourceAsStream("openapi.json"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Of JSON Schema what the document uses: type, properties, required, items, additionalProperties and references. */
    private static void check(JsonNode schema, JsonNode value, String where, List<String> problems) {
        if (schema.has("$ref")) {
            check(document().at(schema.path("$ref").asText().substring(1)), value, where, problems);
            return;
        }
        JsonNode type = schema.path("type");
        Set<String> types = new TreeSet<>();
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asText()));
        } else if (type.isTextual()) {
            types.add(type.asText());
        }
        if (!types.isEmpty() && types.stream().noneMatch(each -> isOf(each, value))) {
            problems.add(where + ": is " + value.getNodeType() + ", not " + types);
            return;
        }
        schema.path("required").forEach(name -> {
            if (value.isObject() && !value.has(name.asText())) {
                problems.add(where + "." + name.asText() + ": missing");
            }
        });
        JsonNode properties = schema.path("properties");
        value.properties().forEach(member -> {
            String name = where + "." + member.getKey();
            if (properties.has(member.getKey())) {
                check(properties.path(member.getKey()), member.getValue(), name, problems);
            } else if (schema.path("additionalProperties").isObject()) {
                check(schema.path("additionalProperties"), member.getValue(), name, problems);
            } else if (properties.isObject()) {
                problems.add(name + ": not described");
            }
        });
        if (value.isArray()) {
            value.forEach(each -> check(schema.path("items"), each, where + "[]", problems));
        }
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> throw new AssertionError(type);
        };
    }
}

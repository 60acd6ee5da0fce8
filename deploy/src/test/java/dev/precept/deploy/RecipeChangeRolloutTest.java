package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long-running pods mount the recipe under a name with a hash of its content; Jobs, which are immutable, under a fixed one. */
class RecipeChangeRolloutTest {
    private static final String ONCE = "precept-recipe-once";
    private static final String HASHED = "precept-recipe-(?!once)[a-z0-9]{10}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @MethodSource("overlays")
    void everyRoleMountsTheSameRecipeUnderTheNameForItsKind(String name) {
        Overlay overlay = Overlay.rendered(name);
        overlay.roles()
                .forEach(role -> assertThat(mounted(role))
                        .as(role.what())
                        .matches(role.kind().equals("Job") ? ONCE : HASHED));
        List<JsonNode> recipes = overlay.ofKind("ConfigMap")
                .filter(map -> map.name().startsWith("precept-recipe"))
                .map(map -> map.json().path("data"))
                .toList();
        assertThat(recipes).hasSize(2);
        assertThat(recipes.getFirst()).isEqualTo(recipes.getLast());
        assertThat(recipes.getFirst().path("recipe.yaml").asText()).contains("run: ");
    }

    @Test
    void aChangedRecipeChangesTheTemplatesOfAllRolesExceptJobs() throws IOException {
        Overlay before = Overlay.rendered("local");
        copy(Overlay.k8s(), folder);
        Path recipe = folder.resolve("overlays/local/recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replace("concurrency: 64", "concurrency: 32"));
        Overlay after = new Overlay(
                "changed",
                Overlay.documents(ExternalCommand.output(List.of(
                        "kubectl", "kustomize", folder.resolve("overlays/local").toString()))));

        Map<String, JsonNode> templates = templates(before);
        assertThat(templates).isNotEmpty();
        templates(after)
                .forEach((what, template) -> assertThat(template.equals(templates.get(what)))
                        .as(what + " is the same")
                        .isEqualTo(what.startsWith("Job ")));
    }

    private static Map<String, JsonNode> templates(Overlay overlay) {
        Map<String, JsonNode> templates = new TreeMap<>();
        overlay.roles().forEach(role -> templates.put(role.what(), role.pods()));
        return templates;
    }

    private static String mounted(Manifest role) {
        return elements(role.pods().at("/spec/volumes"))
                .filter(volume -> volume.path("name").asText().equals("recipe"))
                .map(volume -> volume.at("/configMap/name").asText())
                .findFirst()
                .orElseThrow();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path there = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(each, there);
                }
            }
        }
    }

    static List<String> overlays() {
        return Overlay.NAMES;
    }
}

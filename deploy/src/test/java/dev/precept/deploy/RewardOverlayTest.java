package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The overlay of the reward service, which has no run and no Kafka. */
class RewardOverlayTest {
    private static final String NAME = "reward";
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    private Path folder;

    @Test
    void theServiceListensToOthersWithATokenAndEncryption() throws IOException {
        Manifest reward = Overlay.rendered(NAME).role(NAME);
        assertThat(Manifest.texts(reward.container().path("args")))
                .startsWith("reward", "/etc/precept/recipe.yaml", "--dataset");
        String recipe = Files.readString(Overlay.k8s().resolve("overlays/reward/recipe.yaml"));
        assertThat(YAML.readTree(recipe).at("/reward/bind").asText()).isEqualTo("0.0.0.0");
        for (String file : List.of("/reward/token_file", "/reward/tls/certificate", "/reward/tls/key")) {
            String path = YAML.readTree(recipe).at(file).asText();
            assertThat(Manifest.elements(reward.container().path("volumeMounts"))
                            .map(mount -> mount.path("mountPath").asText()))
                    .as(file)
                    .contains(path.substring(0, path.lastIndexOf('/')));
        }
        assertThat(Manifest.texts(reward.container().path("args")))
                .contains(YAML.readTree(recipe).path("dataset").asText());
    }

    @Test
    void alertsFireWithADescriptionAndStaySilentOtherwise() throws IOException {
        ObjectNode rules = YAML.createObjectNode();
        ArrayNode groups = rules.putArray("groups");
        Overlay.rendered(NAME)
                .ofKind("PrometheusRule")
                .forEach(rule -> Manifest.elements(rule.spec().path("groups")).forEach(groups::add));
        Assumptions.assumeTrue(
                ExternalCommand.exists("promtool"),
                "promtool is not installed (Debian: prometheus), so no alert is evaluated");
        Files.writeString(folder.resolve("rules.yaml"), YAML.writeValueAsString(rules));
        Path cases = folder.resolve("cases.yaml");
        try (InputStream input =
                Objects.requireNonNull(RewardOverlayTest.class.getResourceAsStream("reward-alerts.yaml"))) {
            Files.copy(input, cases);
        }
        System.out.print(ExternalCommand.output(List.of("promtool", "test", "rules", cases.toString())));
    }

    @Test
    void theQueriesReadMetersOfTheService() throws IOException {
        String code =
                Files.readString(Overlay.root().resolve("rewards/src/main/java/dev/precept/reward/RewardMetrics.java"));
        Set<String> used = new TreeSet<>();
        Queries.of(Overlay.rendered(NAME)).values().forEach(query -> used.addAll(MetricNames.of(query)));
        used.remove("up");
        assertThat(used)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(code)
                        .contains('"' + name.replaceFirst("_total$", "").replace('_', '.') + '"'));
    }
}

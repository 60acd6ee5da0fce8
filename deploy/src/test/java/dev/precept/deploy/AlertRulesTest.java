package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluates the manifests' expressions over synthetic series with {@code promtool}, if it is installed. */
class AlertRulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    private Path folder;

    @Test
    void alertsFireWithADescriptionAndStaySilentOtherwise() throws IOException {
        ObjectNode rules = YAML.createObjectNode();
        ArrayNode groups = rules.putArray("groups");
        Overlay.rendered("production")
                .ofKind("PrometheusRule")
                .forEach(rule -> Manifest.elements(rule.spec().path("groups")).forEach(groups::add));
        evaluate("alerts.yaml", rules);
    }

    @Test
    void everyAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        Set<String> alerts = Queries.rules(Overlay.rendered("production"))
                .map(rule -> rule.path("alert").asText())
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(cases(true)).isEqualTo(alerts);
        assertThat(cases(false)).isEqualTo(alerts);
    }

    @Test
    void theScalersDetectSaturatedModelsAndCountTheWorkersThatAreUp() throws IOException {
        ObjectNode rules = YAML.createObjectNode();
        ObjectNode group = rules.putArray("groups").addObject().put("name", "scalers");
        ArrayNode recorded = group.putArray("rules");
        Overlay.rendered("production")
                .ofKind("ScaledObject")
                .forEach(scaled -> Manifest.elements(scaled.spec().path("triggers"))
                        .filter(trigger -> trigger.path("type").asText().equals("prometheus"))
                        .forEach(trigger -> {
                            ObjectNode rule = recorded.addObject()
                                    .put("record", "scaler")
                                    .put("expr", trigger.at("/metadata/query").asText());
                            rule.putObject("labels")
                                    .put("name", trigger.path("name").asText())
                                    .put("role", scaled.name().replace("precept-", ""));
                        }));
        assertThat(recorded).hasSize(4);
        evaluate("scalers.yaml", rules);
    }

    private void evaluate(String cases, ObjectNode rules) throws IOException {
        Assumptions.assumeTrue(
                ExternalCommand.exists("promtool"),
                "promtool is not installed (Debian: prometheus), so no alert is evaluated");
        Files.writeString(folder.resolve("rules.yaml"), YAML.writeValueAsString(rules));
        Path test = folder.resolve(cases);
        try (InputStream input = resource(cases)) {
            Files.copy(input, test);
        }
        System.out.print(ExternalCommand.output(List.of("promtool", "test", "rules", test.toString())));
    }

    private static Set<String> cases(boolean firing) throws IOException {
        try (InputStream input = resource("alerts.yaml")) {
            JsonNode all = YAML.readTree(input);
            return Manifest.elements(all.path("tests"))
                    .flatMap(test -> Manifest.elements(test.path("alert_rule_test")))
                    .filter(at -> at.path("exp_alerts").isEmpty() != firing)
                    .map(at -> at.path("alertname").asText())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(AlertRulesTest.class.getResourceAsStream(name), name);
    }
}

package dev.precept.chattemplate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Compares with the renderings of Jinja2 in {@code renderings.json}, which {@code renderings.py} generates. */
final class TemplatePythonParityTest {
    private static final String TEMPLATES = "/templates/";

    @Test
    void everyTemplateRendersAsInPython() throws IOException {
        List<String> different = new ArrayList<>();
        int rendered = 0;
        JsonNode goldens = goldens();
        for (JsonNode golden : goldens.path("cases")) {
            if (golden.has("expected")) {
                rendered++;
                String actual = outcome(golden, goldens.path("shared"));
                if (!actual.equals(golden.path("expected").asText())) {
                    different.add(golden.path("name").asText() + ": " + actual);
                }
            }
        }
        System.out.println(rendered + " templates rendered as in Python");
        assertThat(different).isEmpty();
        assertThat(rendered).isGreaterThan(700);
    }

    @Test
    void templatesThatFailInPythonOrAreUnsupportedFail() throws IOException {
        List<String> passed = new ArrayList<>();
        int failed = 0;
        JsonNode goldens = goldens();
        for (JsonNode golden : goldens.path("cases")) {
            if (golden.has("fails")) {
                failed++;
                if (!outcome(golden, goldens.path("shared")).startsWith("!")) {
                    passed.add(golden.path("name").asText());
                }
            }
        }
        System.out.println(failed + " templates failed as expected");
        assertThat(passed).isEmpty();
        assertThat(failed).isGreaterThan(100);
    }

    private static String outcome(JsonNode golden, JsonNode shared) throws IOException {
        JsonNode context = golden.path("context").isTextual() ? shared : golden.path("context");
        Map<String, Value> values = new HashMap<>();
        context.properties().forEach(member -> values.put(member.getKey(), Value.of(member.getValue())));
        String template = golden.has("template")
                ? golden.path("template").asText()
                : resource(golden.path("file").asText());
        try {
            return switch (Template.parse(template).render(values)) {
                case Rendering.Rendered(String text) -> text;
                case Rendering.Failed(String reason, int line) -> "! line " + line + ": " + reason;
            };
        } catch (TemplateSyntaxException e) {
            return "! line " + e.line() + ": " + e.getMessage();
        }
    }

    private static JsonNode goldens() throws IOException {
        return new ObjectMapper().readTree(resource("renderings.json"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TemplatePythonParityTest.class.getResourceAsStream(TEMPLATES + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package dev.precept.workers;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.openai.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads where the model of a role is served. */
final class EndpointUrls {
    private EndpointUrls() {}

    /** Reads one endpoint from {@code url}, or several with their weights from {@code endpoints}. */
    static Map<String, Integer> read(Section s, Map<String, Integer> preset, String description) {
        Optional<String> url = s.text("url", description);
        Map<String, String> several =
                s.mapping("endpoints", "base URLs with their weights, in place of url, as in http://a:8000/v1: 2");
        if (url.isPresent() && !several.isEmpty()) {
            s.addProblem("url", "url and endpoints are both set; set one of them");
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        url.flatMap(given -> endpoint(s, "url", given)).ifPresent(given -> weights.put(given, 1));
        several.forEach((given, weight) -> endpoint(s, "endpoints", given)
                .ifPresent(valid -> weight(s, given, weight).ifPresent(share -> weights.put(valid, share))));
        return url.isEmpty() && several.isEmpty() ? preset : weights;
    }

    private static Optional<String> endpoint(Section s, String key, String url) {
        try {
            return Optional.of(new Endpoint(url, null).url());
        } catch (IllegalArgumentException e) {
            s.addProblem(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Integer> weight(Section s, String url, String weight) {
        if (weight.matches("[1-9]\\d{0,3}")) {
            return Optional.of(Integer.valueOf(weight));
        }
        s.addProblem("endpoints", url + " has the weight " + weight + "; use a whole number from 1 to 9999");
        return Optional.empty();
    }

    /** @param preset the model without one of its own */
    static void requireServer(Recipe recipe, String role, EndpointSettings settings, String preset) {
        String model = settings.model();
        if (settings.weights().isEmpty() && !model.equals(preset) && !model.equals(WorkerSettings.MOCK_MODEL)) {
            String section = settings.section() == null ? role : settings.section();
            String flag = section.equals(role) ? " (--" + (role.equals("judge") ? role : "model") + "-url)" : "";
            recipe.section(section)
                    .addProblem(
                            "model",
                            model + " has no server; set " + section + ".url" + flag
                                    + " too, or remove the model to use the mock model");
        }
    }
}

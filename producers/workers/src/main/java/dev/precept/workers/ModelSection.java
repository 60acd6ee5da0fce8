package dev.precept.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.Section;
import dev.precept.content.CanonicalJson;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyVariable;
import dev.precept.model.Sampling;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the keys that the section of every model has. */
final class ModelSection {
    static final int MAX_CONCURRENCY = 8_000;
    private static final double MAX_USD = 1e6;

    /** The key of a role for a field of the request. */
    private static final Map<String, String> KEYS = Map.of(
            "model", "model",
            "max_tokens", "max_tokens",
            "max_completion_tokens", "max_tokens and request.max_tokens_field",
            "temperature", "temperature",
            "top_p", "top_p",
            "reasoning_effort", "effort",
            "seed", "request.seed",
            "response_format", "request.response_format",
            "stream", "request.stream",
            "stream_options", "request.stream");

    static Sampling sampling(Section s, int maxTokens) {
        return sampling(s, new Sampling(null, null, null, maxTokens));
    }

    /** @param preset where the section has no value of its own */
    static Sampling sampling(Section s, Sampling preset) {
        Double temperature = s.number("temperature", 0, 10, "sampling temperature; sent only when set")
                .orElse(preset.temperature());
        Double topP = s.number("top_p", 1e-6, 1, "nucleus sampling; sent only when set")
                .orElse(preset.topP());
        String effort = s.text("effort", "reasoning effort, a value of the server; sent only when set")
                .orElse(preset.effort());
        String extra = extra(s);
        return new Sampling(temperature, topP, effort, preset.maxTokens(), s.has("extra") ? extra : preset.extra());
    }

    static @Nullable Duration maxOutage(Section s, @Nullable Duration preset) {
        return s.duration(
                        "max_outage",
                        "end the role with work left after an outage of this length; without it the role waits")
                .orElse(preset);
    }

    static RateLimits rates(Section s, RateLimits preset) {
        return new RateLimits(
                s.count("requests_per_minute", "limit of requests a minute to each endpoint, for each process")
                        .orElse(preset.requests()),
                s.count(
                                "tokens_per_minute",
                                "limit of prompt and completion tokens a minute at each endpoint, for each process")
                        .orElse(preset.tokens()));
    }

    static Optional<Price> price(Section s) {
        Optional<Double> prompt = s.number("prompt", 0, MAX_USD, "US dollars for a million prompt tokens");
        Optional<Double> cached = s.number(
                "cached",
                0,
                MAX_USD,
                "US dollars for a million prompt tokens that the server had in its cache; without it those of prompt");
        Optional<Double> completion = s.number("completion", 0, MAX_USD, "US dollars for a million completion tokens");
        Optional<Double> reasoning = s.number(
                "reasoning",
                0,
                MAX_USD,
                "US dollars for a million completion tokens that are reasoning; without it those of completion");
        if (prompt.isPresent() != completion.isPresent()) {
            s.addProblem(prompt.isPresent() ? "completion" : "prompt", "set both prices, or neither");
            return Optional.empty();
        }
        if (prompt.isEmpty() && (cached.isPresent() || reasoning.isPresent())) {
            s.addProblem(cached.isPresent() ? "cached" : "reasoning", "needs prompt and completion; set them too");
            return Optional.empty();
        }
        return prompt.map(price -> new Price(
                price, cached.orElse(price), completion.orElse(0.0), reasoning.orElse(completion.orElse(0.0))));
    }

    private static String extra(Section s) {
        ObjectNode extra =
                s.json("extra", "further fields of the request body, as the server defines them, such as top_k");
        for (Map.Entry<String, JsonNode> field : extra.properties()) {
            if (Sampling.OWN_FIELDS.contains(field.getKey())) {
                String key = KEYS.get(field.getKey());
                s.addProblem(
                        "extra." + field.getKey(),
                        "is set by Precept; "
                                + (key == null ? "remove it from extra" : "set " + key + " in its place"));
            }
        }
        extra.remove(Sampling.OWN_FIELDS);
        return CanonicalJson.of(extra);
    }

    /** @param preset without the variable */
    static @Nullable ApiKey key(Section s, Map<String, String> environment, String variable, @Nullable ApiKey preset) {
        try {
            return ApiKeyVariable.read(environment, variable).orElse(preset);
        } catch (IllegalArgumentException e) {
            s.addProblem("url", String.valueOf(e.getMessage()));
        }
        return preset;
    }
}

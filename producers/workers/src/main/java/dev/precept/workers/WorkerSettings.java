package dev.precept.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.content.CanonicalJson;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.PromptTemplates;
import dev.precept.judging.StoreResponseCache;
import dev.precept.judging.canary.CanarySettings;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyFile;
import dev.precept.model.Sampling;
import dev.precept.model.Secret;
import dev.precept.model.cache.ResponseCache;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.RunParameters;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the sections {@code generator} and {@code judge} of a recipe say.
 *
 * @param cache whether valid answers are kept beside the dataset and not asked for again
 * @param canaries empty where the judge is not measured
 */
public record WorkerSettings(
        EndpointSettings generator,
        EndpointSettings judge,
        RunParameters runParameters,
        boolean cache,
        Optional<CanarySettings> canaries) {
    private static final int MOST_IN_FLIGHT = 8_000;
    private static final int JUDGE_TOKENS = 4_096;
    private static final double MOST_USD = 1e6;
    private static final String MOCK_MODEL = "mock-model";

    /** Versions of the words of our requests, by role: part of a run's identity. */
    public static Map<String, String> templateVersions() {
        return Map.of("generator", PromptTemplates.GENERATE, "judge", PromptTemplates.JUDGE);
    }

    /**
     * Reads both sections; notes their problems in the recipe.
     *
     * @param environment where the keys are
     */
    public static WorkerSettings read(Recipe recipe, Map<String, String> environment) {
        Section generator = recipe.section("generator");
        Section judge = recipe.section("judge");
        EndpointSettings generating = generator(recipe, generator, environment);
        return new WorkerSettings(
                generating,
                judge(recipe, judge, generating, environment),
                runParameters(generator, judge),
                recipe.section("")
                        .flag(
                                "cache",
                                true,
                                "keep valid answers below the dataset and make no call twice; --no-cache makes them all"),
                CanarySettings.read(recipe));
    }

    /**
     * Where both roles keep what was answered; empty if they are not to.
     *
     * @throws ConfigurationException if the dataset cannot be written
     */
    public Optional<ResponseCache> responseCache(StoreLocation dataset) {
        return cache ? Optional.of(StoreResponseCache.open(dataset)) : Optional.empty();
    }

    private static EndpointSettings generator(Recipe recipe, Section s, Map<String, String> environment) {
        Map<String, Integer> weights =
                weights(s, Map.of(), "the chat-completions API, ending in /v1; without it the rehearsal answers");
        Double temperature =
                s.number("temperature", 0, 10, "sampling temperature").orElse(null);
        Double topP = s.number("top_p", 1e-6, 1, "nucleus sampling").orElse(null);
        String effort = s.text("effort", "reasoning effort, in the server's words; sent only when set")
                .orElse(null);
        int maxTokens = maxTokens(s);
        return new EndpointSettings(
                weights,
                s.text("model", MOCK_MODEL, "the name the server knows the model by"),
                s.integer("concurrency", 256, 1, MOST_IN_FLIGHT, "calls in flight of one process"),
                s.duration("call_timeout", Duration.ofMinutes(2), "deadline of one call, headers and body"),
                key(s, environment, "PRECEPT_MODEL_API_KEY", null),
                new Sampling(temperature, topP, effort, maxTokens, extra(s)),
                rates(s),
                price(recipe.section("generator.price")).orElse(Price.FREE));
    }

    private static EndpointSettings judge(
            Recipe recipe, Section s, EndpointSettings generator, Map<String, String> environment) {
        Map<String, Integer> weights = weights(s, generator.weights(), "as the generator's, which is the default");
        boolean same = weights.equals(generator.weights());
        String model = s.text("model", generator.model(), "the name the server knows the judge by");
        Price inherited = model.equals(generator.model()) ? generator.price() : Price.FREE;
        return new EndpointSettings(
                weights,
                model,
                s.integer("concurrency", generator.concurrency(), 1, MOST_IN_FLIGHT, "calls in flight of one process"),
                s.duration("call_timeout", generator.callTimeout(), "deadline of one call"),
                key(s, environment, "PRECEPT_JUDGE_API_KEY", same ? generator.apiKey() : null),
                new Sampling(null, null, null, JUDGE_TOKENS, extra(s)),
                rates(s),
                price(recipe.section("judge.price")).orElse(inherited));
    }

    private static RateLimits rates(Section s) {
        return new RateLimits(
                s.count("requests_per_minute", "what each endpoint takes in a minute, of one process")
                        .orElse(null),
                s.count("tokens_per_minute", "read and written, at each endpoint, of one process")
                        .orElse(null));
    }

    private static Optional<Price> price(Section s) {
        Optional<Double> prompt = s.number("prompt", 0, MOST_USD, "US dollars for a million tokens read");
        Optional<Double> completion = s.number("completion", 0, MOST_USD, "US dollars for a million tokens written");
        if (prompt.isPresent() != completion.isPresent()) {
            s.addProblem(prompt.isPresent() ? "completion" : "prompt", "give both prices, or neither");
            return Optional.empty();
        }
        return prompt.map(read -> new Price(read, completion.orElse(0.0)));
    }

    private static RunParameters runParameters(Section generator, Section judge) {
        return RunParameters.newBuilder()
                .setSamples(generator.integer("samples", 1, 1, 64, "samples asked of each prompt"))
                .setAttempts(generator.integer("attempts", 3, 1, 100, "attempts at a sample before it is rejected"))
                .setMaxTokens(maxTokens(generator))
                .setVotes(judge.integer("votes", 3, 1, 32, "votes on each candidate; the lowest counts"))
                .setThreshold(judge.number("threshold", 8, 0, 10, "the least vote a sample is kept with"))
                .setStopEarly(judge.flag("stop_early", true, "stop asking at the first vote below the threshold"))
                .build();
    }

    private static int maxTokens(Section generator) {
        return generator.integer(
                "max_tokens",
                8_192,
                1,
                1_000_000,
                "limit on reasoning and answer; doubled once if it cuts a completion");
    }

    private static String extra(Section s) {
        ObjectNode extra = s.json("extra", "further fields of the request's body, in the server's words, as top_k is");
        for (Map.Entry<String, JsonNode> field : extra.properties()) {
            if (Sampling.OWN_FIELDS.contains(field.getKey())) {
                s.addProblem("extra." + field.getKey(), "is set by Precept itself; take it out of extra");
            }
        }
        extra.remove(Sampling.OWN_FIELDS);
        return CanonicalJson.of(extra);
    }

    /** One endpoint under {@code url}, or several with their weights under {@code endpoints}. */
    private static Map<String, Integer> weights(Section s, Map<String, Integer> preset, String meaning) {
        Optional<String> url = s.text("url", meaning);
        Map<String, String> several = s.mapping(
                "endpoints", "several of them in place of url, each with its weight, as in http://a:8000/v1: 2");
        if (url.isPresent() && !several.isEmpty()) {
            s.addProblem("url", "url and endpoints are both given; give one of them");
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        url.flatMap(given -> endpoint(s, "url", given)).ifPresent(given -> weights.put(given, 1));
        several.forEach((given, weight) -> endpoint(s, "endpoints", given)
                .ifPresent(place -> weight(s, given, weight).ifPresent(share -> weights.put(place, share))));
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
        s.addProblem("endpoints", url + " has the weight " + weight + "; give a whole number from 1 to 9999");
        return Optional.empty();
    }

    private static @Nullable ApiKey key(
            Section s, Map<String, String> environment, String variable, @Nullable ApiKey preset) {
        String given = environment.get(variable);
        String file = environment.get(variable + "_FILE");
        if (given != null && file != null) {
            s.addProblem("url", variable + " and " + variable + "_FILE are both set; set one");
        }
        try {
            if (given != null && !given.isBlank()) {
                return new Secret(given);
            }
            return file == null ? preset : ApiKeyFile.open(Path.of(file));
        } catch (IOException e) {
            s.addProblem("url", variable + "_FILE: " + file + " cannot be read");
        } catch (IllegalArgumentException e) {
            s.addProblem("url", variable + ": " + e.getMessage());
        }
        return preset;
    }
}

package dev.precept.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.content.CanonicalJson;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.RequestSettings;
import dev.precept.judging.StoreResponseCache;
import dev.precept.judging.canary.CanarySettings;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyVariable;
import dev.precept.model.Sampling;
import dev.precept.model.cache.ResponseCache;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.CitationScreen;
import dev.precept.records.LeakScreen;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NearDuplicateSearch;
import dev.precept.records.PersonalScreen;
import dev.precept.records.RunParameters;
import dev.precept.store.location.StoreLocation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sections {@code generator} and {@code judge} of a recipe, and what is part of the parameters of a run.
 *
 * @param cache whether valid answers are cached in the store of the dataset
 */
public record WorkerSettings(
        EndpointSettings generator,
        EndpointSettings judge,
        RunParameters runParameters,
        NearDuplicateSettings nearDuplicates,
        boolean cache,
        Optional<CanarySettings> canaries) {
    private static final int MAX_CONCURRENCY = 8_000;
    private static final int JUDGE_MAX_TOKENS = 4_096;
    private static final double MAX_USD = 1e6;
    static final String MOCK_MODEL = "mock-model";
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

    /**
     * Reads both sections and adds their problems to the recipe.
     *
     * @param environment holds the API keys
     */
    public static WorkerSettings read(Recipe recipe, Map<String, String> environment) {
        Section generator = recipe.section("generator");
        Section judge = recipe.section("judge");
        EndpointSettings generatorSettings = generator(recipe, generator, environment);
        NearDuplicateSettings nearDuplicates = NearDuplicateSettings.read(recipe);
        return new WorkerSettings(
                generatorSettings,
                judge(recipe, judge, generatorSettings, environment),
                runParameters(generator, judge, recipe.section("screen"), nearDuplicates),
                nearDuplicates,
                recipe.section("")
                        .flag(
                                "cache",
                                true,
                                "cache valid answers in the dataset, so that no call repeats; --no-cache disables it"),
                CanarySettings.read(recipe));
    }

    /** The prompts of the user's own, which the dataset keeps. */
    public List<PromptTemplate> ownTemplates() {
        return Stream.of(generator, judge)
                .map(settings -> settings.prompt().own())
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Requires a server for each model that a recipe names. Only a process that would start the mock model in its place asks
     * this: others need no URL.
     *
     * @throws ConfigurationException if a model has none: the mock model would answer, and the rows would name the model
     */
    public void requireServers(Recipe recipe) {
        EndpointUrls.requireServer(recipe, "generator", generator, MOCK_MODEL);
        EndpointUrls.requireServer(recipe, "judge", judge, generator.model());
        recipe.throwProblems();
    }

    /**
     * The response cache of both roles; empty if the recipe disables it.
     *
     * @throws ConfigurationException if the dataset cannot be written
     */
    public Optional<ResponseCache> responseCache(StoreLocation dataset) {
        return cache ? Optional.of(StoreResponseCache.open(dataset)) : Optional.empty();
    }

    private static EndpointSettings generator(Recipe recipe, Section s, Map<String, String> environment) {
        Map<String, Integer> weights = EndpointUrls.read(
                s, Map.of(), "base URL of the chat-completions API, ending in /v1; without it the mock model answers");
        Sampling sampling = sampling(s, maxTokens(s));
        String model = s.text("model", MOCK_MODEL, "the server's name of the model");
        return new EndpointSettings(
                weights,
                model,
                s.integer("concurrency", 256, 1, MAX_CONCURRENCY, "limit of calls in flight, for each process"),
                s.duration("call_timeout", Duration.ofMinutes(2), "deadline of one call, headers and body"),
                key(s, environment, "PRECEPT_MODEL_API_KEY", null),
                sampling,
                rates(s),
                price(recipe.section("generator.price")).orElse(Price.FREE),
                PromptSection.read(s, PromptTemplate.Role.GENERATE, Layout.SPEC_FIRST),
                RequestSection.read(recipe.section("generator.request"), RequestSettings.STANDARD, environment),
                Map.of(),
                maxOutage(s));
    }

    private static Sampling sampling(Section s, int maxTokens) {
        Double temperature = s.number("temperature", 0, 10, "sampling temperature; sent only when set")
                .orElse(null);
        Double topP = s.number("top_p", 1e-6, 1, "nucleus sampling; sent only when set")
                .orElse(null);
        String effort = s.text("effort", "reasoning effort, a value of the server; sent only when set")
                .orElse(null);
        return new Sampling(temperature, topP, effort, maxTokens, extra(s));
    }

    private static EndpointSettings judge(
            Recipe recipe, Section s, EndpointSettings generator, Map<String, String> environment) {
        Map<String, Integer> weights = EndpointUrls.read(
                s, generator.weights(), "base URL of the judge; the default is the endpoints of the generator");
        boolean sameEndpoints = weights.equals(generator.weights());
        String model = s.text("model", generator.model(), "the server's name of the judge model");
        Price inherited = model.equals(generator.model()) ? generator.price() : Price.FREE;
        return new EndpointSettings(
                weights,
                model,
                s.integer(
                        "concurrency",
                        generator.concurrency(),
                        1,
                        MAX_CONCURRENCY,
                        "limit of calls in flight, for each process"),
                s.duration("call_timeout", generator.callTimeout(), "deadline of one call, headers and body"),
                key(s, environment, "PRECEPT_JUDGE_API_KEY", sameEndpoints ? generator.apiKey() : null),
                sampling(
                        s,
                        s.integer(
                                "max_tokens",
                                JUDGE_MAX_TOKENS,
                                1,
                                1_000_000,
                                "limit of the reasoning and answer tokens of a vote; may change during a run")),
                rates(s),
                price(recipe.section("judge.price")).orElse(inherited),
                PromptSection.read(
                        s, PromptTemplate.Role.JUDGE, generator.prompt().layout()),
                RequestSection.read(
                        recipe.section("judge.request"),
                        sameEndpoints ? generator.request() : RequestSettings.STANDARD,
                        environment),
                Map.of(),
                maxOutage(s));
    }

    private static @Nullable Duration maxOutage(Section s) {
        return s.duration(
                        "max_outage",
                        "end the role with work left after an outage of this length; without it the role waits")
                .orElse(null);
    }

    private static RateLimits rates(Section s) {
        return new RateLimits(
                s.count("requests_per_minute", "limit of requests a minute to each endpoint, for each process")
                        .orElse(null),
                s.count(
                                "tokens_per_minute",
                                "limit of prompt and completion tokens a minute at each endpoint, for each process")
                        .orElse(null));
    }

    private static Optional<Price> price(Section s) {
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

    private static RunParameters runParameters(
            Section generator, Section judge, Section screen, NearDuplicateSettings nearDuplicates) {
        return RunParameters.newBuilder()
                .setSamples(generator.integer("samples", 1, 1, 64, "samples for each prompt"))
                .setAttempts(generator.integer("attempts", 3, 1, 100, "attempts for each sample before it is rejected"))
                .setMaxTokens(maxTokens(generator))
                .setVotes(judge.integer("votes", 3, 1, 32, "votes on each candidate; the lowest decides"))
                .setThreshold(judge.number("threshold", 8, 0, 10, "lowest vote with which a sample is accepted"))
                .setStopEarly(
                        judge.flag("stop_early", true, "request no more votes after the first one below the threshold"))
                .setAuditShare(judge.number(
                        "audit_share",
                        0.02,
                        0,
                        1,
                        "share of the candidates, by hash, that get every vote in spite of stop_early, so that the agreement"
                                + " of judges can be measured; the lowest vote decides as for the others"))
                .setLeakScreen(screen.oneOf(
                        "leak",
                        LeakScreen.REPORT,
                        "pieces of the request in a completion, such as delimiters, sentences of the prompt templates, control"
                                + " tokens, words for a text that was handed in, clause ids in an answer, and runs of the excerpt of 24 words in an answer or 64"
                                + " in a reasoning: count them, or also reject the attempt"))
                .setCitationScreen(screen.oneOf(
                        "citations",
                        CitationScreen.REPORT,
                        "reasoning that cites no clause of its excerpt by id, heading, number or quote, or one that the"
                                + " specification does not have: count it, or also reject the attempt"))
                .setNearDuplicates(search(nearDuplicates))
                .setPersonalScreen(screen.oneOf(
                        "personal",
                        PersonalScreen.REPORT,
                        "e-mail addresses, phone and card numbers, keys and tokens in prompt, reasoning and answer: count"
                                + " them, or also reject the attempt, and the prompt before any call"))
                .build();
    }

    /** Null if the run compares nothing. */
    private static @Nullable NearDuplicateSearch search(NearDuplicateSettings settings) {
        return settings.prompts() == Policy.OFF && settings.samples() == Policy.OFF
                ? null
                : new NearDuplicateSearch(
                        NearDuplicatePolicy.valueOf(settings.prompts().name()),
                        NearDuplicatePolicy.valueOf(settings.samples().name()),
                        settings.threshold(),
                        settings.shards());
    }

    private static int maxTokens(Section generator) {
        return generator.integer(
                "max_tokens",
                8_192,
                1,
                1_000_000,
                "limit of reasoning and answer tokens; doubled once if a completion is truncated");
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

    private static @Nullable ApiKey key(
            Section s, Map<String, String> environment, String variable, @Nullable ApiKey preset) {
        try {
            return ApiKeyVariable.read(environment, variable).orElse(preset);
        } catch (IllegalArgumentException e) {
            s.addProblem("url", String.valueOf(e.getMessage()));
        }
        return preset;
    }
}

package dev.precept.workers;

import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Layout;
import dev.precept.judging.Panel;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.RequestSettings;
import dev.precept.judging.StoreResponseCache;
import dev.precept.judging.canary.CanarySettings;
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
 * The sections of generator and judge of a recipe, and what is part of the parameters of a run.
 *
 * @param judges of which all ask in the same way
 * @param cache whether valid answers are cached in the store of the dataset
 */
public record WorkerSettings(
        EndpointSettings generator,
        Panel<EndpointSettings> judges,
        RunParameters runParameters,
        NearDuplicateSettings nearDuplicates,
        boolean cache,
        Optional<CanarySettings> canaries) {
    static final String MOCK_MODEL = "mock-model";
    private static final String REPAIR = "repair";

    /**
     * Reads both sections and adds their problems to the recipe.
     *
     * @param environment holds the API keys
     */
    public static WorkerSettings read(Recipe recipe, Map<String, String> environment) {
        Section generator = recipe.section("generator");
        Section judge = recipe.section("judge");
        EndpointSettings generatorSettings = generator(recipe, generator, environment);
        requireRepairable(generator, generatorSettings);
        Panel<EndpointSettings> judges = JudgeSection.read(recipe, generatorSettings, environment);
        NearDuplicateSettings nearDuplicates = NearDuplicateSettings.read(recipe);
        return new WorkerSettings(
                generatorSettings,
                judges,
                runParameters(generator, judge, judges.votes(), recipe.section("screen"), nearDuplicates),
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
        return Stream.of(generator, judges.judgeOf(1))
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
        judges.judges().forEach(judge -> EndpointUrls.requireServer(recipe, "judge", judge, generator.model()));
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
        Sampling sampling = ModelSection.sampling(s, maxTokens(s));
        String model = s.text("model", MOCK_MODEL, "the server's name of the model");
        return new EndpointSettings(
                weights,
                model,
                s.integer(
                        "concurrency",
                        256,
                        1,
                        ModelSection.MAX_CONCURRENCY,
                        "limit of calls in flight, for each process"),
                s.duration("call_timeout", Duration.ofMinutes(2), "deadline of one call, headers and body"),
                ModelSection.key(s, environment, "PRECEPT_MODEL_API_KEY", null),
                sampling,
                ModelSection.rates(s, RateLimits.UNLIMITED),
                ModelSection.price(recipe.section("generator.price")).orElse(Price.FREE),
                PromptSection.read(s, PromptTemplate.Role.GENERATE, Layout.SPEC_FIRST),
                RequestSection.read(recipe.section("generator.request"), RequestSettings.STANDARD, environment),
                Map.of(),
                ModelSection.maxOutage(s, null),
                "generator");
    }

    private static RunParameters runParameters(
            Section generator, Section judge, int votes, Section screen, NearDuplicateSettings nearDuplicates) {
        return RunParameters.newBuilder()
                .setSamples(generator.integer("samples", 1, 1, 64, "samples for each prompt"))
                .setAttempts(attempts(generator))
                .setRepair(repair(generator))
                .setMaxTokens(maxTokens(generator))
                .setVotes(votes)
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

    private static boolean repair(Section generator) {
        return generator.flag(
                REPAIR,
                false,
                "give an attempt with a low score back to the model once, with the judges' reasons, as the next of its"
                        + " attempts; for each sample at most once");
    }

    /** What cannot work is an error before a call is paid for. */
    private static void requireRepairable(Section s, EndpointSettings generator) {
        if (!repair(s)) {
            return;
        }
        if (attempts(s) == 1) {
            s.addProblem(
                    REPAIR, "is one of generator.attempts, which is 1; set attempts to 2 or more, or repair to false");
        }
        PromptTemplate own = generator.prompt().own();
        if (own != null && !own.canRepair()) {
            s.addProblem(
                    REPAIR,
                    "generator.template has no place {{repair}} for the attempt that fell short; add it as its last line, or"
                            + " set repair: false");
        }
    }

    private static int attempts(Section generator) {
        return generator.integer("attempts", 3, 1, 100, "attempts for each sample before it is rejected");
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
}

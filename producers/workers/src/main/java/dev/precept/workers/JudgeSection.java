package dev.precept.workers;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.RequestSettings;
import dev.precept.judging.RolePrompt;
import dev.precept.model.ApiKey;
import dev.precept.model.Sampling;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the section {@code judge}: one judge, or with {@code judge.panel} several. Of a panel, keys of the section that are not
 * about one model are the presets of its judges.
 */
final class JudgeSection {
    private static final String KEY_VARIABLE = "PRECEPT_JUDGE_API_KEY";
    private static final String PANEL = "panel";
    private static final int MAX_TOKENS = 4_096;
    private static final int MAX_VOTES = 32;
    private static final String URL = "base URL of the judge; the default is the endpoints of the generator";
    /** Of one model. */
    private static final List<String> OF_ONE = List.of("model", "url", "endpoints", "votes", "price", "request");

    private final EndpointSettings generator;
    private final Map<String, String> environment;

    private JudgeSection(EndpointSettings generator, Map<String, String> environment) {
        this.generator = generator;
        this.environment = environment;
    }

    static Panel<EndpointSettings> read(Recipe recipe, EndpointSettings generator, Map<String, String> environment) {
        Section s = recipe.section("judge");
        JudgeSection reader = new JudgeSection(generator, environment);
        EndpointSettings alone = reader.alone(s);
        int votes = s.integer("votes", 3, 1, MAX_VOTES, "votes on each candidate; the lowest decides");
        List<Section> judges = s.sections(
                PANEL,
                "several judges in place of one, as in '[{model: a, votes: 2}, {model: b, url: http://b:8000/v1, votes: 1}]':"
                        + " the votes are given in this order. Each has model, url or endpoints, votes, price, request and"
                        + " api_key_variable; the other keys of a model, such as max_tokens, are here for all of them, or in"
                        + " a judge for it alone");
        if (judges.isEmpty()) {
            return Panel.of(alone, votes);
        }
        List<String> beside = OF_ONE.stream().filter(s::has).map(s::nameOf).toList();
        if (!beside.isEmpty()) {
            s.addProblem(
                    PANEL,
                    "stands beside " + String.join(", ", beside)
                            + ", which each judge of a panel has for itself; move them"
                            + " into the panel, or remove the panel");
        }
        return reader.panel(s, judges, alone);
    }

    private EndpointSettings alone(Section s) {
        EndpointSettings preset = new EndpointSettings(
                generator.weights(),
                generator.model(),
                generator.concurrency(),
                generator.callTimeout(),
                generator.apiKey(),
                new Sampling(null, null, null, MAX_TOKENS),
                RateLimits.UNLIMITED,
                generator.price(),
                generator.prompt(),
                generator.request(),
                Map.of(),
                null,
                "judge");
        return settings(
                s,
                preset,
                sameEndpoints ->
                        ModelSection.key(s, environment, KEY_VARIABLE, sameEndpoints ? generator.apiKey() : null),
                () -> PromptSection.read(
                        s, PromptTemplate.Role.JUDGE, generator.prompt().layout()));
    }

    /**
     * Reads the keys of one model.
     *
     * @param preset where the section has no value of its own
     * @param key by whether the endpoints are those of the generator
     */
    private EndpointSettings settings(
            Section s, EndpointSettings preset, Function<Boolean, @Nullable ApiKey> key, Supplier<RolePrompt> prompt) {
        Map<String, Integer> weights = EndpointUrls.read(s, generator.weights(), URL);
        boolean sameEndpoints = weights.equals(generator.weights());
        String model = s.text("model", preset.model(), "the server's name of the judge model");
        Price inherited = model.equals(generator.model()) ? generator.price() : Price.FREE;
        return new EndpointSettings(
                weights,
                model,
                s.integer(
                        "concurrency",
                        preset.concurrency(),
                        1,
                        ModelSection.MAX_CONCURRENCY,
                        "limit of calls in flight, for each process"),
                s.duration("call_timeout", preset.callTimeout(), "deadline of one call, headers and body"),
                key.apply(sameEndpoints),
                ModelSection.sampling(
                        s,
                        preset.sampling()
                                .withMaxTokens(maxTokens(s, preset.sampling().maxTokens()))),
                ModelSection.rates(s, preset.rateLimits()),
                ModelSection.price(s.section("price")).orElse(inherited),
                prompt.get(),
                RequestSection.read(
                        s.section("request"),
                        sameEndpoints ? generator.request() : RequestSettings.STANDARD,
                        environment),
                Map.of(),
                ModelSection.maxOutage(s, preset.maxOutage()),
                s.name());
    }

    private static int maxTokens(Section s, int preset) {
        return s.integer(
                "max_tokens",
                preset,
                1,
                1_000_000,
                "limit of the reasoning and answer tokens of a vote, doubled once if a vote is cut; may change during a run");
    }

    private Panel<EndpointSettings> panel(Section s, List<Section> sections, EndpointSettings preset) {
        List<Panel.Member<EndpointSettings>> members = new ArrayList<>();
        Set<String> models = new HashSet<>();
        for (Section judge : sections) {
            EndpointSettings settings =
                    settings(judge, preset, sameEndpoints -> key(judge, sameEndpoints), preset::prompt);
            int votes = judge.integer("votes", 1, 1, MAX_VOTES, "votes of this judge on each candidate");
            members.add(new Panel.Member<>(settings, votes));
            if (!judge.has("model")) {
                judge.addProblem("model", "is missing; name the model of each judge");
            } else if (!models.add(settings.model())) {
                judge.addProblem(
                        "model", settings.model() + " is in the panel twice; give one judge the votes of both");
            }
        }
        Panel<EndpointSettings> panel = new Panel<>(members);
        if (panel.votes() > MAX_VOTES) {
            s.addProblem(PANEL, "has " + panel.votes() + " votes; at most " + MAX_VOTES + " are given on a candidate");
        }
        requireOneKeyEach(s, sections, panel.judges());
        return panel;
    }

    /** The key of the variable that a judge names; without one that of the generator, or of a judge alone. */
    private @Nullable ApiKey key(Section s, boolean sameEndpoints) {
        Optional<String> variable = s.text(
                "api_key_variable",
                "environment variable with the key of this judge, as " + KEY_VARIABLE + " of one alone");
        if (variable.isEmpty()) {
            return sameEndpoints ? generator.apiKey() : ModelSection.key(s, environment, KEY_VARIABLE, null);
        }
        ApiKey key = ModelSection.key(s, environment, variable.get(), null);
        if (key == null) {
            s.addProblem("api_key_variable", "the environment variable " + variable.get() + " is not set");
        }
        return key;
    }

    /** One key for several servers would be sent to all of them. */
    private void requireOneKeyEach(Section s, List<Section> sections, List<EndpointSettings> judges) {
        Set<Set<String>> servers = new HashSet<>();
        for (int n = 0; n < judges.size(); n++) {
            boolean ownServer = !judges.get(n).weights().equals(generator.weights());
            if (ownServer && judges.get(n).apiKey() != null && !sections.get(n).has("api_key_variable")) {
                servers.add(judges.get(n).weights().keySet());
            }
        }
        if (servers.size() > 1) {
            s.addProblem(
                    PANEL,
                    KEY_VARIABLE
                            + " is set, and the judges are at several servers, which would all get this key; name the"
                            + " variable of each key as api_key_variable");
        }
    }
}

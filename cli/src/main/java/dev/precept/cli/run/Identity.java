package dev.precept.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.PromptTemplate;
import dev.precept.model.Sampling;
import dev.precept.prompts.CheckedInput;
import dev.precept.prompts.SourceFiles;
import dev.precept.prompts.evaluation.EvaluationSets;
import dev.precept.records.RunParameters;
import dev.precept.spec.Excerpt;
import dev.precept.spec.Specification;
import dev.precept.workers.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The settings that may not change during a run, by recipe key: sources, specification, models, sampling and run
 * parameters. URLs, API keys, concurrency, timeouts and how requests are written are not part of it.
 */
public final class Identity {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOURCE = "prompts.files ";
    private static final String QUOTAS = "quotas";
    private static final String EXCERPT = "excerpt template";

    private Identity() {}

    public static Map<String, String> of(RunRecipe recipe, CheckedInput input, Specification specification) {
        Map<String, String> identity = new TreeMap<>(SourceFiles.identity(input, recipe.prompts()));
        identity.put("spec", specification.version());
        identity.putAll(runParameters(recipe.workers()));
        if (!recipe.release().curation().quotas().quotas().isEmpty()) {
            identity.put(QUOTAS, recipe.release().curation().quotas().toString());
        }
        return identity;
    }

    /** The part that a worker knows: models, sampling, run parameters and prompt templates. */
    private static Map<String, String> runParameters(WorkerSettings workers) {
        Map<String, String> identity = new TreeMap<>();
        RunParameters runParameters = workers.runParameters();
        identity.put("generator.samples", String.valueOf(runParameters.getSamples()));
        identity.put("generator.attempts", String.valueOf(runParameters.getAttempts()));
        identity.put("generator.repair", String.valueOf(runParameters.getRepair()));
        identity.put("generator.max_tokens", String.valueOf(runParameters.getMaxTokens()));
        identity.put("generator.model", workers.generator().model());
        Sampling sampling = workers.generator().sampling();
        identity.put("generator.temperature", String.valueOf(sampling.temperature()));
        identity.put("generator.top_p", String.valueOf(sampling.topP()));
        identity.put("generator.effort", String.valueOf(sampling.effort()));
        extra(identity, "generator.extra", sampling);
        judges(identity, workers.judges());
        identity.put("judge.threshold", String.valueOf(runParameters.getThreshold()));
        identity.put("judge.stop_early", String.valueOf(runParameters.getStopEarly()));
        identity.put("judge.audit_share", String.valueOf(runParameters.getAuditShare()));
        identity.put("screen.leak", lower(runParameters.getLeakScreen()));
        identity.put("screen.citations", lower(runParameters.getCitationScreen()));
        identity.put("screen.personal", lower(runParameters.getPersonalScreen()));
        NearDuplicateSettings nearDuplicates = workers.nearDuplicates();
        identity.put("neardup.prompts", lower(nearDuplicates.prompts()));
        identity.put("neardup.samples", lower(nearDuplicates.samples()));
        identity.put("neardup.threshold", String.valueOf(nearDuplicates.threshold()));
        identity.put("neardup.shards", String.valueOf(nearDuplicates.shards()));
        prompt(identity, "generator", PromptTemplate.Role.GENERATE, workers.generator());
        prompt(identity, "judge", PromptTemplate.Role.JUDGE, workers.judges().judgeOf(1));
        identity.put(EXCERPT, Excerpt.TEMPLATE);
        return identity;
    }

    /**
     * A panel of one is a judge alone. Of a larger one the values are in the order of the judges, or one that all have. The
     * token limit is no part of it: a run may raise it.
     */
    private static void judges(Map<String, String> identity, Panel<EndpointSettings> panel) {
        identity.put(
                "judge.model",
                panel.judges().stream().map(EndpointSettings::model).collect(Collectors.joining(", ")));
        identity.put(
                "judge.votes",
                panel.members().stream()
                        .map(member -> String.valueOf(member.votes()))
                        .collect(Collectors.joining(" + ")));
        identity.put("judge.temperature", ofEach(panel, sampling -> String.valueOf(sampling.temperature())));
        identity.put("judge.top_p", ofEach(panel, sampling -> String.valueOf(sampling.topP())));
        identity.put("judge.effort", ofEach(panel, sampling -> String.valueOf(sampling.effort())));
        String extra = ofEach(panel, Sampling::extra);
        if (!extra.equals(Sampling.NO_EXTRA)) {
            identity.put("judge.extra", extra);
        }
        identity.put("judge.criteria", panel.judgeOf(1).prompt().criteria().identity());
    }

    private static String ofEach(Panel<EndpointSettings> panel, Function<Sampling, String> value) {
        List<String> values = panel.judges().stream()
                .map(EndpointSettings::sampling)
                .map(value)
                .toList();
        return Set.copyOf(values).size() == 1 ? values.getFirst() : String.join(", ", values);
    }

    /** The version of a built-in template, or the hash of the user's own. */
    private static void prompt(
            Map<String, String> identity, String section, PromptTemplate.Role role, EndpointSettings settings) {
        identity.put(section + ".layout", settings.prompt().layout().toString());
        identity.put(section + ".template", settings.prompt().template(role).version());
    }

    private static boolean isRunParameter(String key) {
        return key.startsWith("generator.")
                || key.startsWith("judge.")
                || key.startsWith("screen.")
                || key.startsWith("neardup.")
                || key.equals(EXCERPT);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Absent if there are none. */
    private static void extra(Map<String, String> identity, String key, Sampling sampling) {
        if (!sampling.extra().equals(Sampling.NO_EXTRA)) {
            identity.put(key, sampling.extra());
        }
    }

    /**
     * Compares the settings of a worker with those of the run, so that a run never mixes two models.
     *
     * @param started identity of the run, as canonical JSON
     * @throws ConfigurationException naming the keys that differ
     */
    static void requireSameParameters(String runId, String started, WorkerSettings workers) {
        Map<String, String> known = read(started);
        known.keySet().removeIf(key -> !isRunParameter(key));
        List<String> differing = differing(known, runParameters(workers));
        if (!differing.isEmpty()) {
            throw new ConfigurationException("run " + runId + ": was started with another recipe ("
                    + String.join("; ", differing) + "); restore it, or start another run");
        }
    }

    /** @param json an object of strings, as in the run record and in the dataset */
    static Map<String, String> read(String json) {
        try {
            return new TreeMap<>(JSON.readValue(json, new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the identity of a run is not an object of strings", e);
        }
    }

    /** What differs, one key each, as {@code key was X, is Y}. */
    static List<String> differing(Map<String, String> started, Map<String, String> requested) {
        TreeSet<String> keys = new TreeSet<>(started.keySet());
        keys.addAll(requested.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(started.get(key), requested.get(key)))
                .map(key -> key + " was " + shown(started, key) + ", is " + shown(requested, key))
                .toList();
    }

    /** A hash is shortened as everywhere on the screen. */
    private static String shown(Map<String, String> identity, String key) {
        String value = identity.getOrDefault(key, "absent");
        return value.matches("[0-9a-f]{64}") ? value.substring(0, 12) : value;
    }

    /**
     * Compares the identity of a recipe with that of an existing run.
     *
     * @param where the existing run is, for messages
     * @throws ConfigurationException naming what differs, and what to do
     */
    public static void requireSame(Map<String, String> started, Map<String, String> requested, String where) {
        Map<String, String> startedRest = new TreeMap<>(started);
        Map<String, String> requestedRest = new TreeMap<>(requested);
        List<String> problems = new ArrayList<>();
        for (String key : started.keySet()) {
            String kind = key.startsWith(SOURCE) ? SOURCE : EvaluationSets.SET_KEY;
            if (key.startsWith(kind)
                    && requested.containsKey(key)
                    && !Objects.equals(started.get(key), requested.get(key))) {
                problems.add(key.substring(kind.length())
                        + ": changed since the run started; restore it, or start a new run with another --work");
                for (String explained : List.of(key, EvaluationSets.COMPILED_KEY)) {
                    startedRest.remove(explained);
                    requestedRest.remove(explained);
                }
            }
        }
        List<String> differing = differing(startedRest, requestedRest);
        if (!differing.isEmpty()) {
            problems.add(where + ": holds another run (" + String.join("; ", differing)
                    + "); give the recipe of that run, or another --work");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}

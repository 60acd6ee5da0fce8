package dev.precept.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.model.Sampling;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.records.RunParameters;
import dev.precept.spec.Specification;
import dev.precept.workers.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What makes a run this one, by the key a user knows. URLs, keys, concurrency and time-outs are not part of it. */
public final class Identity {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOURCE = "prompts.files ";
    private static final String TEMPLATE = " template";

    private Identity() {}

    public static Map<String, String> of(RunRecipe recipe, List<PromptSource> sources, Specification specification) {
        Map<String, String> identity = new TreeMap<>(SourceFiles.identity(sources, recipe.prompts()));
        identity.put("spec", specification.version());
        identity.putAll(runParameters(recipe.workers()));
        return identity;
    }

    /** The part that says what models are asked, and how often: all that a worker can know. */
    private static Map<String, String> runParameters(WorkerSettings workers) {
        Map<String, String> identity = new TreeMap<>();
        RunParameters runParameters = workers.runParameters();
        identity.put("generator.samples", String.valueOf(runParameters.getSamples()));
        identity.put("generator.attempts", String.valueOf(runParameters.getAttempts()));
        identity.put("generator.max_tokens", String.valueOf(runParameters.getMaxTokens()));
        identity.put("generator.model", workers.generator().model());
        Sampling sampling = workers.generator().sampling();
        identity.put("generator.temperature", String.valueOf(sampling.temperature()));
        identity.put("generator.top_p", String.valueOf(sampling.topP()));
        identity.put("generator.effort", String.valueOf(sampling.effort()));
        extra(identity, "generator.extra", sampling);
        extra(identity, "judge.extra", workers.judge().sampling());
        identity.put("judge.model", workers.judge().model());
        identity.put("judge.votes", String.valueOf(runParameters.getVotes()));
        identity.put("judge.threshold", String.valueOf(runParameters.getThreshold()));
        identity.put("judge.stop_early", String.valueOf(runParameters.getStopEarly()));
        WorkerSettings.templateVersions().forEach((role, version) -> identity.put(role + TEMPLATE, version));
        return identity;
    }

    private static boolean isRunParameter(String key) {
        return key.startsWith("generator.") || key.startsWith("judge.") || key.endsWith(TEMPLATE);
    }

    /** Named only where there are any, so that a run that was begun before there could be is still the same. */
    private static void extra(Map<String, String> identity, String key, Sampling sampling) {
        if (!sampling.extra().equals(Sampling.NO_EXTRA)) {
            identity.put(key, sampling.extra());
        }
    }

    /**
     * Holds what a worker would ask models against what was begun: answers of two models in one run would be told by nobody.
     *
     * @param begun the identity of the run, as canonical JSON
     * @throws ConfigurationException if they differ: names the keys
     */
    static void requireSameParameters(String runId, String begun, WorkerSettings workers) {
        Map<String, String> known = read(begun);
        known.keySet().removeIf(key -> !isRunParameter(key));
        List<String> differing = differing(known, runParameters(workers));
        if (!differing.isEmpty()) {
            throw new ConfigurationException("run " + runId + ": was begun with another recipe ("
                    + String.join("; ", differing) + "); give it back its own, or begin another run");
        }
    }

    /** @param json an object of texts, as a run's record and its file in the dataset have it */
    static Map<String, String> read(String json) {
        try {
            return new TreeMap<>(JSON.readValue(json, new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the identity of a run is no object of texts", e);
        }
    }

    private static List<String> differing(Map<String, String> begun, Map<String, String> asked) {
        TreeSet<String> keys = new TreeSet<>(begun.keySet());
        keys.addAll(asked.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(begun.get(key), asked.get(key)))
                .map(key ->
                        key + " was " + begun.getOrDefault(key, "absent") + ", is " + asked.getOrDefault(key, "absent"))
                .toList();
    }

    /**
     * Holds what is asked against what was begun.
     *
     * @param where it was begun
     * @throws ConfigurationException if that is another run: names what differs, and what to do
     */
    public static void requireSame(Map<String, String> begun, Map<String, String> asked, String where) {
        Map<String, String> begunElse = new TreeMap<>(begun);
        Map<String, String> askedElse = new TreeMap<>(asked);
        List<String> problems = new ArrayList<>();
        for (String key : begun.keySet()) {
            if (key.startsWith(SOURCE) && asked.containsKey(key) && !Objects.equals(begun.get(key), asked.get(key))) {
                problems.add(
                        key.substring(SOURCE.length())
                                + ": changed since the run began; put the old file back, or begin a new run with another --work");
                begunElse.remove(key);
                askedElse.remove(key);
            }
        }
        List<String> differing = differing(begunElse, askedElse);
        if (!differing.isEmpty()) {
            problems.add(where + ": holds another run (" + String.join("; ", differing)
                    + "); give the run's own recipe, or another --work");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}

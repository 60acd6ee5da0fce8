package dev.precept.factory;

import dev.precept.model.Sampling;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.records.Asking;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.spec.Specification;
import dev.precept.workers.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What makes a run this one, by the key a user knows. URLs, keys, concurrency and time-outs are not part of it. */
final class Identity {
    private static final String SOURCE = "prompts.files ";

    private Identity() {}

    static Map<String, String> of(RunRecipe recipe, List<PromptSource> sources, Specification specification) {
        Map<String, String> identity = new TreeMap<>(SourceFiles.identity(sources, recipe.prompts()));
        identity.put("spec", specification.version());
        WorkerSettings workers = recipe.workers();
        Asking asking = workers.asking();
        identity.put("generator.samples", String.valueOf(asking.getSamples()));
        identity.put("generator.attempts", String.valueOf(asking.getAttempts()));
        identity.put("generator.max_tokens", String.valueOf(asking.getMaxTokens()));
        identity.put("generator.model", workers.generator().model());
        Sampling sampling = workers.generator().sampling();
        identity.put("generator.temperature", String.valueOf(sampling.temperature()));
        identity.put("generator.top_p", String.valueOf(sampling.topP()));
        identity.put("generator.effort", String.valueOf(sampling.effort()));
        extra(identity, "generator.extra", sampling);
        extra(identity, "judge.extra", workers.judge().sampling());
        identity.put("judge.model", workers.judge().model());
        identity.put("judge.votes", String.valueOf(asking.getVotes()));
        identity.put("judge.threshold", String.valueOf(asking.getThreshold()));
        identity.put("judge.stop_early", String.valueOf(asking.getStopEarly()));
        WorkerSettings.templates().forEach((role, version) -> identity.put(role + " template", version));
        return identity;
    }

    /** Named only where there are any, so that a run that was begun before there could be is still the same. */
    private static void extra(Map<String, String> identity, String key, Sampling sampling) {
        if (!sampling.extra().equals(Sampling.NO_EXTRA)) {
            identity.put(key, sampling.extra());
        }
    }

    /**
     * Holds what is asked against what was begun.
     *
     * @param where it was begun
     * @throws ConfigurationException if that is another run: names what differs, and what to do
     */
    static void requireSame(Map<String, String> begun, Map<String, String> asked, String where) {
        List<String> problems = new ArrayList<>();
        List<String> differing = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(begun.keySet());
        keys.addAll(asked.keySet());
        for (String key : keys) {
            if (Objects.equals(begun.get(key), asked.get(key))) {
                continue;
            }
            if (key.startsWith(SOURCE) && begun.containsKey(key) && asked.containsKey(key)) {
                problems.add(
                        key.substring(SOURCE.length())
                                + ": changed since the run began; put the old file back, or begin a new run with another --work");
            } else {
                differing.add(key + " was " + begun.getOrDefault(key, "absent") + ", is "
                        + asked.getOrDefault(key, "absent"));
            }
        }
        if (!differing.isEmpty()) {
            problems.add(where + ": holds another run (" + String.join("; ", differing)
                    + "); give the run's own recipe, or another --work");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}

package dev.precept.dataset.release;

import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which of some samples a version keeps, by comparing all pairs: word runs as texts in sets, no hashes, no bands, no files.
 * For texts that are compared by words, with letters and spaces only.
 */
final class SimilarityOracle {
    private static final int RUN = 5;

    private static final Map<String, Set<String>> RUNS = new ConcurrentHashMap<>();

    private final double threshold;
    private final List<String> runs;

    /** @param runs ids, in the order in which they were opened */
    SimilarityOracle(double threshold, List<String> runs) {
        this.threshold = threshold;
        this.runs = runs;
    }

    /** @param near the kept sample that each other one is most similar to */
    record Result(Set<String> kept, Map<String, String> reasons, Map<String, String> near) {}

    Result keep(List<Sample> samples) {
        List<Sample> kept = new ArrayList<>();
        Map<String, String> reasons = new HashMap<>();
        Map<String, String> near = new HashMap<>();
        Map<String, String> contents = new HashMap<>();
        for (Sample sample : ordered(samples)) {
            String equal = contents.putIfAbsent(sample.getDedup().getContentHash(), sample.getSampleId());
            if (equal != null) {
                reasons.put(sample.getSampleId(), "exact_duplicate");
                near.put(sample.getSampleId(), equal);
                continue;
            }
            String reason = "near_duplicate_prompt";
            Sample other = nearest(
                    sample,
                    kept.stream()
                            .filter(k -> !k.getPromptId().equals(sample.getPromptId()))
                            .toList(),
                    true);
            if (other == null) {
                reason = "near_duplicate_sample";
                other = nearest(sample, kept, false);
            }
            if (other == null) {
                kept.add(sample);
            } else {
                reasons.put(sample.getSampleId(), reason);
                near.put(sample.getSampleId(), other.getSampleId());
            }
        }
        Set<String> ids = new HashSet<>();
        kept.forEach(sample -> ids.add(sample.getSampleId()));
        return new Result(ids, reasons, near);
    }

    List<Sample> ordered(List<Sample> samples) {
        return samples.stream()
                .sorted(Comparator.comparingInt((Sample sample) -> runs.indexOf(sample.getRunId()))
                        .thenComparing(sample -> sample.getDedup().getSeq()))
                .toList();
    }

    private @Nullable Sample nearest(Sample sample, List<Sample> kept, boolean byPrompt) {
        @Nullable Sample best = null;
        double highest = 0;
        for (Sample other : kept) {
            double similarity = similarity(text(sample, byPrompt), text(other, byPrompt));
            if (similarity >= threshold && similarity > highest) {
                best = other;
                highest = similarity;
            }
        }
        return best;
    }

    static String text(Sample sample, boolean isPrompt) {
        return isPrompt ? sample.getMessages().get(1).getContent() : sample.getReasoning();
    }

    static double similarity(String one, String other) {
        Set<String> runs = runs(one);
        Set<String> others = runs(other);
        int both = 0;
        for (String run : runs) {
            both += others.contains(run) ? 1 : 0;
        }
        return (double) both / (runs.size() + others.size() - both);
    }

    private static Set<String> runs(String text) {
        return RUNS.computeIfAbsent(text, SimilarityOracle::split);
    }

    private static Set<String> split(String text) {
        String[] words = text.toLowerCase(Locale.ROOT).split(" ");
        Set<String> runs = new HashSet<>();
        for (int n = 0; n + RUN <= words.length; n++) {
            runs.add(String.join(" ", List.of(words).subList(n, n + RUN)));
        }
        return runs;
    }
}

package dev.precept.cli.run;

import dev.precept.runtime.ShellWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which samples the selection of a version left out, or reported, in a line each. */
public final class SelectionLines {
    private static final Map<String, String> WORDS = Map.of(
            "near_duplicate_prompt", "with a similar prompt",
            "near_duplicate_sample", "with a similar reasoning",
            "split_bridge", "similar to prompts of both splits",
            "similar_prompt", "with a similar prompt",
            "similar_sample", "with a similar reasoning",
            "semantic_duplicate", "with a prompt alike in meaning",
            "similar_meaning", "with a prompt alike in meaning",
            "over_quota", "over a quota",
            "above_risk", "above the risk");

    private SelectionLines() {}

    /**
     * The lines of a version; none if nothing was left out or reported.
     *
     * @param selected samples that were left out, by reason
     * @param reported samples that were kept and reported, by reason
     */
    public static List<String> of(Map<String, Long> selected, Map<String, Long> reported) {
        List<String> lines = new ArrayList<>();
        if (!selected.isEmpty()) {
            lines.add("left out: " + text(selected));
        }
        if (!reported.isEmpty()) {
            lines.add("kept and reported: " + text(reported));
        }
        return lines;
    }

    /**
     * As {@link #of(Map, Map)}, with the command that shows them.
     *
     * @param version the version with its dataset, as an argument
     */
    public static List<String> of(Map<String, Long> selected, Map<String, Long> reported, String version) {
        List<String> lines = of(selected, reported);
        if (!lines.isEmpty()) {
            lines.add("  each of them: 'precept show " + ShellWord.of(version) + " --removed'");
        }
        return lines;
    }

    /**
     * That a version has fewer samples than its recipe requests; empty if it has as many.
     *
     * @param requested empty if all samples are
     */
    public static Optional<String> shortage(Optional<Long> requested, long samples) {
        return requested
                .filter(total -> total > samples)
                .map(total -> String.format(
                        Locale.ROOT,
                        "select: %,d samples were requested, and there are %,d; all of them are taken",
                        total,
                        samples));
    }

    private static String text(Map<String, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(count -> String.format(
                                Locale.ROOT,
                                "%,d %s",
                                count.getValue(),
                                WORDS.getOrDefault(
                                        count.getKey(), count.getKey().replace('_', ' '))))
                        .collect(Collectors.joining(", "));
    }
}

package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The part of a dataset card that says who made the samples and how: models, sampling, votes, threshold, dates and sources. */
final class MakingSection {
    private static final String EVALUATION_SET = "contamination.sets ";
    private static final String METHOD = "contamination.method";
    private static final int MOST_VALUES = 8;
    private static final int MOST_ROWS = 20;

    private MakingSection() {}

    static void render(StringBuilder card, ManifestBuilder manifest) {
        card.append("## How it was made\n\n");
        SortedMap<String, Long> days = new TreeMap<>(manifest.histogram(RowCounts.CREATED_ON));
        if (!days.isEmpty()) {
            String first = days.firstKey();
            String last = days.lastKey();
            card.append("Created ").append(first.equals(last) ? "on " + first : "from " + first + " to " + last);
            card.append(" (UTC) by ").append(manifest.plan().runs().size());
            card.append(manifest.plan().runs().size() == 1 ? " run. " : " runs. ");
        }
        card.append("What a run does not\nname was not sent: the default of the model server applied.\n\n");
        card.append("| parameter of the run | value |\n|---|---|\n");
        parameters(manifest)
                .forEach((key, values) -> card.append("| ")
                        .append(DatasetCard.code(key))
                        .append(" | ")
                        .append(values(values, manifest.plan().runs().size()))
                        .append(" |\n"));
        manifest.plan()
                .recipe()
                .threshold()
                .ifPresent(threshold -> card.append("| threshold of this version, in place of that of the run | ")
                        .append(threshold)
                        .append(" |\n"));
        card.append('\n');
        card.append(contamination(manifest.plan().runs())).append("\n\n");
        tokens(card, manifest.tokens());
        repaired(card, manifest.histogram(RowCounts.REPAIRED));
        table(card, "source of the prompt", manifest.histogram(RowCounts.SOURCE));
        table(card, "licence of the prompt", manifest.histogram(RowCounts.LICENSE));
    }

    /** Which evaluation sets the prompts were compared with. */
    private static String contamination(List<Manifest.SourceRun> runs) {
        SortedSet<String> sets = new TreeSet<>();
        long comparing = 0;
        for (Manifest.SourceRun run : runs) {
            run.identity().fieldNames().forEachRemaining(key -> {
                if (key.startsWith(EVALUATION_SET)) {
                    sets.add(key.substring(EVALUATION_SET.length()) + " ("
                            + run.identity().path(METHOD).asText() + ")");
                }
            });
            comparing += run.identity().has(METHOD) ? 1 : 0;
        }
        if (sets.isEmpty()) {
            return "The prompts were not compared with evaluation sets.";
        }
        return "Prompts were compared with the evaluation sets "
                + sets.stream().map(DatasetCard::code).collect(Collectors.joining(", "))
                + (comparing < runs.size() ? " by " + comparing + " of " + runs.size() + " runs" : "")
                + ";\nthose that hold a question of them are left out.";
    }

    /** Not of the judge, whose votes on rejected attempts are no rows of this version. */
    private static void tokens(StringBuilder card, Manifest.Tokens tokens) {
        if (tokens.prompt() > 0) {
            card.append(String.format(
                    Locale.ROOT,
                    "The generations of the kept samples read %,d tokens, of which the server had %,d in its cache, and"
                            + " wrote\n%,d, of which %,d were reported as reasoning.\n\n",
                    tokens.prompt(),
                    tokens.cached(),
                    tokens.completion(),
                    tokens.reasoning()));
        }
    }

    private static void repaired(StringBuilder card, Map<String, Long> repaired) {
        long samples = repaired.values().stream().mapToLong(Long::longValue).sum();
        if (samples > 0) {
            card.append(String.format(
                    Locale.ROOT,
                    "%,d samples are repairs: a first attempt fell short, and the model read it again with the reasons of"
                            + " the\njudges. Their column `repaired` is true, and they hold nothing of that request.\n\n",
                    samples));
        }
    }

    /** Runs by value, by parameter. */
    private static Map<String, Map<String, Long>> parameters(ManifestBuilder manifest) {
        Map<String, Map<String, Long>> parameters = new TreeMap<>();
        for (Manifest.SourceRun run : manifest.plan().runs()) {
            for (Map.Entry<String, JsonNode> each : run.identity().properties()) {
                String value = each.getValue().isTextual()
                        ? each.getValue().asText()
                        : each.getValue().toString();
                boolean isInput = each.getKey().startsWith("prompts.")
                        || each.getKey().startsWith("contamination.")
                        || each.getKey().equals("spec");
                if (!isInput && !value.equals("null")) {
                    parameters
                            .computeIfAbsent(each.getKey(), key -> new TreeMap<>())
                            .merge(value, 1L, Long::sum);
                }
            }
        }
        return parameters;
    }

    private static String values(Map<String, Long> runsByValue, int runs) {
        StringBuilder text = new StringBuilder();
        runsByValue.entrySet().stream().limit(MOST_VALUES).forEach(each -> {
            text.append(text.isEmpty() ? "" : ", ").append(DatasetCard.code(each.getKey()));
            if (each.getValue() < runs) {
                text.append(" (")
                        .append(each.getValue())
                        .append(" of ")
                        .append(runs)
                        .append(" runs)");
            }
        });
        int more = runsByValue.size() - MOST_VALUES;
        return more > 0 ? text + ", and " + more + " more" : text.toString();
    }

    /** The values that most rows have. */
    private static void table(StringBuilder card, String title, Map<String, Long> counts) {
        Map<String, Long> shown = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_ROWS)
                .forEach(each -> shown.put(each.getKey(), each.getValue()));
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        long left = all - shown.values().stream().mapToLong(Long::longValue).sum();
        if (left > 0) {
            shown.put("others", left);
        }
        DatasetCard.table(card, title, shown);
    }
}

package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.evidence.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The part of a dataset card that says how far its samples can be trusted: the evidence of its manifest, as tables. */
final class EvidenceSection {
    private static final int MOST_CLAUSES = 60;
    private static final String TOO_FEW = "too few";
    private static final String ALIKE = "all votes alike";
    private static final String UNKNOWN = "not known";

    private final StringBuilder card;
    private final JsonNode evidence;

    private EvidenceSection(StringBuilder card, JsonNode evidence) {
        this.card = card;
        this.evidence = evidence;
    }

    static void render(StringBuilder card, ManifestBuilder manifest, JsonNode evidence) {
        String version = manifest.plan().version();
        card.append("## How far it can be trusted\n\nEach number is in `manifest.json` under `evidence`, and ");
        card.append("`precept card DATASET@").append(version);
        card.append(" --check`\ncomputes it again from the files. An interval is that of 95 %.\n\n");
        EvidenceSection section = new EvidenceSection(card, evidence);
        section.screens();
        DatasetCard.table(card, "piece of the request", kinds(manifest.histogram(RowCounts.LEAKS)));
        section.judges();
        section.cost();
        section.gates(manifest.plan().recipe().gates());
        section.groups("category", evidence.path("categories"));
        section.groups("response style", evidence.path("styles"));
        section.votes();
        section.disagreement();
        section.clauses();
    }

    /** The kinds of leaks that were found, by the part they stand in. */
    private static Map<String, Long> kinds(Map<String, Long> leaks) {
        Map<String, Long> kinds = new LinkedHashMap<>(leaks);
        kinds.keySet().removeIf(kind -> !kind.contains(": "));
        return kinds;
    }

    private void row(String what, String value) {
        card.append("| ").append(what).append(" | ").append(value).append(" |\n");
    }

    private void screens() {
        JsonNode citations = evidence.path("citations");
        JsonNode leaks = evidence.path("leaks");
        JsonNode personal = evidence.path("personal");
        card.append("A citation does not show that the reasoning follows from the clause.\n\n");
        card.append("| samples that | of those searched for it |\n|---|---:|\n");
        row("cite a clause of the specification", of(citations, "cited"));
        row("cite one of a category of their prompt", of(citations, "in_category"));
        row("cite what the specification does not hold", of(citations, "false"));
        row("betray the request in the reasoning", of(leaks, "reasoning"));
        row("betray the request in the answer", of(leaks, "answer"));
        row("have personal data", of(personal, "any"));
        row("refuse with an apology and nothing else", text(evidence.path("hard_refusals")));
        card.append('\n');
        if (!personal.path("kinds").isEmpty()) {
            card.append("| personal data | samples |\n|---|---:|\n");
            personal.path("kinds")
                    .properties()
                    .forEach(kind -> row(DatasetCard.cell(kind.getKey()), text(kind.getValue())));
            card.append('\n');
        }
    }

    private void judges() {
        JsonNode judge = evidence.path("judge");
        JsonNode side = evidence.path("side_info");
        card.append("| judges | | interval |\n|---|---:|---:|\n");
        row("candidates judged", text(judge.path("judged")) + " | ");
        row("of them turned away for a low vote", text(judge.path("turned_away")) + " | ");
        row("candidates judged in full, to compare votes", text(judge.path("audited")) + " | ");
        estimate("agreement, Krippendorff's α", "alpha", Evidence.areVotesAlike(evidence) ? ALIKE : TOO_FEW);
        estimate("agreement, Gwet's AC2", "ac2", TOO_FEW);
        for (Map.Entry<String, JsonNode> bias : judge.path("bias").properties()) {
            row(
                    "points that " + DatasetCard.code(bias.getKey()) + " gives more than the others",
                    (bias.getValue().isNull() ? TOO_FEW : number(bias.getValue())) + " | ");
        }
        canaries(judge);
        row("votes that disagree with the side information", of(side, "votes", "disagree") + " | ");
        card.append('\n');
    }

    /** Rows only where canaries were judged, or it is not known whether. */
    private void canaries(JsonNode judge) {
        JsonNode canaries = judge.path("canaries");
        if (!canaries.isObject()) {
            row("canaries", UNKNOWN + " | ");
            return;
        }
        long judged = canaries.valueStream().mapToLong(JsonNode::asLong).sum();
        if (judged == 0) {
            row("canaries", "none judged | ");
            return;
        }
        row("known-bad canaries turned away, of judged", canaries(canaries, "bad_turned_away", "bad_kept") + " | ");
        row("known-good canaries kept, of judged", canaries(canaries, "good_kept", "good_turned_away") + " | ");
        estimate("share of bad canaries turned away", "sensitivity", TOO_FEW);
        estimate("share of good canaries kept", "specificity", TOO_FEW);
        estimate("share of bad samples among the kept", "bad_among_kept", TOO_FEW);
    }

    private static String canaries(JsonNode canaries, String one, String other) {
        return canaries.path(one).asLong() + " of "
                + (canaries.path(one).asLong() + canaries.path(other).asLong());
    }

    private void estimate(String what, String name, String absent) {
        JsonNode value = evidence.path("judge").path(name);
        JsonNode interval = evidence.path("judge").path("intervals").path(name);
        row(
                what,
                (value.isNumber() ? number(value) : absent) + " | "
                        + (interval.isArray() ? number(interval.path(0)) + " to " + number(interval.path(1)) : ""));
    }

    private void cost() {
        JsonNode cost = evidence.path("cost");
        card.append("| cost | |\n|---|---:|\n");
        row("US dollars of all calls of the runs", dollars(cost.path("usd"), UNKNOWN));
        row("for each accepted sample", dollars(cost.path("usd_per_accepted"), UNKNOWN));
        JsonNode saved = evidence.path("saved_tokens_per_sample");
        row(
                "tokens of the specification that a trained model does not read, for each sample",
                saved.isNull() ? UNKNOWN : "about " + saved.asLong());
        card.append('\n');
    }

    /** An amount of 0 is the sum of calls without a price: it is not known. */
    private static String dollars(JsonNode amount, String unknown) {
        return amount.asDouble() > 0 ? number(amount) : unknown;
    }

    private void gates(Map<String, Double> gates) {
        if (!gates.isEmpty()) {
            card.append("It was released since it keeps the limits ")
                    .append(gates.entrySet().stream()
                            .map(gate -> "`" + gate.getKey() + ": " + gate.getValue() + "`")
                            .collect(Collectors.joining(", ")))
                    .append(".\n\n");
        }
    }

    /** One row for each category or style. */
    private void groups(String title, JsonNode groups) {
        if (groups.isEmpty()) {
            return;
        }
        card.append("| ").append(title);
        card.append(
                " | samples | cite a clause | of a category | falsely | leaks | personal data | α | disagree | $ a sample |\n");
        card.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        groups.properties().forEach(group -> {
            JsonNode numbers = group.getValue();
            row(
                    DatasetCard.cell(group.getKey()),
                    String.join(
                            " | ",
                            text(numbers.path("samples")),
                            orDash(numbers.path("citations").path("cited")),
                            orDash(numbers.path("citations").path("in_category")),
                            orDash(numbers.path("citations").path("false")),
                            orDash(numbers.path("leaks").path("any")),
                            orDash(numbers.path("personal")),
                            orDash(numbers.path("judge").path("alpha")),
                            of(numbers.path("side_info"), "votes", "disagree").replace(UNKNOWN, "-"),
                            dollars(numbers.path("generation_usd_per_sample"), "-")));
        });
        card.append('\n');
        card.append("| ")
                .append(title)
                .append(" | lowest votes: samples | slots without a sample, by reason |\n|---|---|---|\n");
        groups.properties()
                .forEach(group -> row(
                        DatasetCard.cell(group.getKey()),
                        counts(group.getValue().path("lowest_votes")) + " | "
                                + counts(group.getValue().path("rejected"))));
        card.append('\n');
    }

    private static String counts(JsonNode counts) {
        return counts.properties().stream()
                .map(count -> count.getKey() + ": " + count.getValue().asLong())
                .collect(Collectors.joining(", "));
    }

    private void votes() {
        card.append("| vote, in whole points | votes | samples of which it is the lowest |\n|---:|---:|---:|\n");
        for (int grade = 0; grade <= 10; grade++) {
            long votes = evidence.path("votes").path(String.valueOf(grade)).asLong();
            long lowest =
                    evidence.path("lowest_votes").path(String.valueOf(grade)).asLong();
            if (votes + lowest > 0) {
                row(String.valueOf(grade), votes + " | " + lowest);
            }
        }
        card.append('\n');
    }

    private void disagreement() {
        JsonNode prompts = evidence.path("side_info").path("prompts");
        if (!prompts.isEmpty()) {
            card.append("Prompts with whose side information most votes disagree:\n\n");
            card.append("| prompt | votes that disagree |\n|---|---:|\n");
            prompts.forEach(prompt -> row(
                    "`" + prompt.path("prompt_id").asText() + "`",
                    prompt.path("disagree").asLong() + " of "
                            + prompt.path("votes").asLong()));
            card.append('\n');
        }
    }

    /** The most cited ones, and how many are never cited. */
    private void clauses() {
        List<Map.Entry<String, JsonNode>> clauses =
                new ArrayList<>(evidence.path("clauses").properties());
        if (clauses.isEmpty()) {
            return;
        }
        long never = clauses.stream().filter(clause -> cited(clause) == 0).count();
        List<Map.Entry<String, JsonNode>> cited = clauses.stream()
                .filter(clause -> cited(clause) > 0)
                .sorted(Comparator.<Map.Entry<String, JsonNode>>comparingLong(EvidenceSection::cited)
                        .reversed()
                        .thenComparing(Map.Entry::getKey))
                .toList();
        card.append("Of ")
                .append(clauses.size())
                .append(" clauses ")
                .append(never)
                .append(" are cited by no candidate.");
        if (cited.size() > MOST_CLAUSES) {
            card.append(" The ").append(MOST_CLAUSES).append(" most cited; the manifest has all:");
        }
        card.append("\n\n");
        if (!cited.isEmpty()) {
            card.append(
                    "| clause | candidates that cite it | samples | rejected attempts | style it asks for | samples that"
                            + " have it |\n|---|---:|---:|---:|---|---:|\n");
            cited.stream()
                    .limit(MOST_CLAUSES)
                    .forEach(clause -> row(
                            DatasetCard.code(clause.getKey()),
                            cited(clause) + " | "
                                    + clause.getValue().path("kept").asLong() + " | "
                                    + clause.getValue().path("rejected").asLong() + " | "
                                    + asked(clause.getValue())));
            card.append('\n');
        }
    }

    private static String asked(JsonNode clause) {
        return clause.has("asks")
                ? "`" + clause.path("asks").asText() + "` | "
                        + clause.path("as_asked").asLong()
                : " | ";
    }

    private static long cited(Map.Entry<String, JsonNode> clause) {
        return clause.getValue().path("cited").asLong();
    }

    private static String of(JsonNode counts, String name) {
        return of(counts, "samples", name);
    }

    private static String of(JsonNode counts, String all, String name) {
        return counts.path(name).isNumber()
                ? counts.path(name).asLong() + " of " + counts.path(all).asLong()
                : UNKNOWN;
    }

    private static String orDash(JsonNode value) {
        return value.isNumber() ? number(value) : "-";
    }

    private static String text(JsonNode value) {
        return value.isNumber() ? value.asText() : UNKNOWN;
    }

    private static String number(JsonNode value) {
        double number = value.asDouble();
        return number == Math.rint(number)
                ? String.valueOf((long) number)
                : String.format(Locale.ROOT, Math.abs(number) < 0.01 ? "%.6f" : "%.3f", number);
    }
}

package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The numbers of all samples of a version, or of those of one category or style, as JSON. */
final class GroupJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e9;

    private final GroupCounts kept;
    private final GroupCounts attempts;
    private final Map<String, JudgeAgreement> agreements;

    GroupJson(GroupCounts kept, EvidenceScan.Scanned scanned) {
        this.kept = kept;
        this.attempts = scanned.tally().counts();
        this.agreements = scanned.agreements();
    }

    Set<String> categories() {
        Set<String> names = new TreeSet<>(kept.categories());
        names.addAll(attempts.categories());
        return names;
    }

    Set<String> styles() {
        Set<String> names = new TreeSet<>(kept.styles());
        names.addAll(attempts.styles());
        return names;
    }

    ObjectNode of(String group) {
        ObjectNode json = JSON.createObjectNode();
        json.put("samples", kept.get(group, SampleTally.SAMPLES));
        json.set("votes", grades(kept.below(group, SampleTally.VOTES)));
        json.set("lowest_votes", grades(kept.below(group, SampleTally.LOWEST)));
        json.set("citations", citations(group));
        json.set("leaks", leaks(group));
        Numbers.putCount(
                json,
                "personal",
                kept.get(group, SampleTally.PERSONAL_SEARCHED),
                kept.get(group, SampleTally.PERSONAL));
        Numbers.putCount(
                json,
                "hard_refusals",
                kept.get(group, SampleTally.FORM_KNOWN),
                kept.get(group, SampleTally.HARD_REFUSAL));
        if (!group.equals(GroupCounts.ALL)) { // of all there is more
            JudgeAgreement agreement = agreements.getOrDefault(group, new JudgeAgreement());
            json.set("judge", JudgeJson.agreement(agreement.withoutIntervals()));
            json.set("side_info", sideInformation(group));
            Numbers.put(json, "generation_usd_per_sample", generationCost(group));
        }
        ObjectNode rejected = json.putObject("rejected");
        attempts.below(group, AttemptTally.REJECTED).forEach(rejected::put);
        return json;
    }

    private static ObjectNode grades(Map<String, Long> counts) {
        ObjectNode json = JSON.createObjectNode();
        Map<Integer, Long> sorted = new TreeMap<>();
        counts.forEach((grade, count) -> sorted.put(Integer.valueOf(grade), count));
        sorted.forEach((grade, count) -> json.put(String.valueOf(grade), count));
        return json;
    }

    private ObjectNode citations(String group) {
        long samples = kept.get(group, SampleTally.SCREENED);
        ObjectNode json = JSON.createObjectNode().put("samples", samples);
        Numbers.putCount(json, "cited", samples, kept.get(group, SampleTally.CITED));
        Numbers.putCount(json, "false", samples, kept.get(group, SampleTally.FALSE));
        Numbers.putCount(json, "in_category", samples, kept.get(group, SampleTally.IN_CATEGORY));
        return json;
    }

    private ObjectNode leaks(String group) {
        long samples = kept.get(group, SampleTally.SEARCHED);
        ObjectNode json = JSON.createObjectNode().put("samples", samples);
        Numbers.putCount(json, "reasoning", samples, kept.get(group, SampleTally.LEAK_OF + "reasoning"));
        Numbers.putCount(json, "answer", samples, kept.get(group, SampleTally.LEAK_OF + "answer"));
        Numbers.putCount(json, "any", samples, kept.get(group, SampleTally.LEAK));
        return json;
    }

    ObjectNode personal() {
        long samples = kept.get(GroupCounts.ALL, SampleTally.PERSONAL_SEARCHED);
        ObjectNode json = JSON.createObjectNode().put("samples", samples);
        Numbers.putCount(json, "any", samples, kept.get(GroupCounts.ALL, SampleTally.PERSONAL));
        ObjectNode kinds = json.putObject("kinds");
        kept.below(GroupCounts.ALL, SampleTally.PERSONAL_KIND).forEach(kinds::put);
        return json;
    }

    private ObjectNode sideInformation(String group) {
        long votes = attempts.get(group, AttemptTally.VOTES);
        ObjectNode json = JSON.createObjectNode().put("votes", votes);
        Numbers.putCount(json, "disagree", votes, attempts.get(group, AttemptTally.DISAGREE));
        return json;
    }

    /** @param worst the worst first */
    ObjectNode sideInformation(List<PromptDisagreement.Prompt> worst) {
        ObjectNode json = sideInformation(GroupCounts.ALL);
        ArrayNode prompts = json.putArray("prompts");
        worst.forEach(prompt -> prompts.addObject()
                .put("prompt_id", prompt.promptId())
                .put("votes", prompt.votes())
                .put("disagree", prompt.disagree()));
        return json;
    }

    /** Of all attempts, for each accepted sample. */
    private Optional<Double> generationCost(String group) {
        long accepted = attempts.get(group, AttemptTally.ACCEPTED);
        return accepted == 0 || attempts.get(group, AttemptTally.PRICED) == 0
                ? Optional.empty()
                : Optional.of(attempts.get(group, AttemptTally.NANO_USD) / NANOS / accepted);
    }

    /** @param documents of all runs; empty if one is missing */
    ObjectNode cost(Optional<List<RunEvidence>> documents) {
        long accepted = attempts.get(GroupCounts.ALL, AttemptTally.ACCEPTED);
        Optional<Double> usd = documents.map(runs -> runs.stream()
                .flatMap(run -> run.roles().values().stream())
                .mapToDouble(RunEvidence.RoleSpend::usd)
                .sum());
        ObjectNode json = JSON.createObjectNode();
        Numbers.put(json, "usd", usd);
        json.put("accepted", accepted);
        Numbers.put(json, "usd_per_accepted", usd.filter(_ -> accepted > 0).map(all -> all / accepted));
        Numbers.put(json, "generation_usd_per_accepted", generationCost(GroupCounts.ALL));
        return json;
    }
}

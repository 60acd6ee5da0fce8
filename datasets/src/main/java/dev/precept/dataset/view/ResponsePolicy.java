package dev.precept.dataset.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.Sample;
import dev.precept.records.Vote;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the answer to a prompt is to be: what its side information names, else what the clauses of its categories state. The
 * names are the response styles of judges and the policies of NeMo Gym's safety servers.
 */
public final class ResponsePolicy {
    private static final Set<String> KNOWN = Set.of(
            "comply",
            "refuse",
            "safe_complete",
            "hard_refusal",
            "hard_refusal_no_redirection",
            "hard_refusal_with_helplines",
            "refusal_with_explanation",
            "engagement_with_disclaimer");

    private ResponsePolicy() {}

    /**
     * The policy that a text names and nothing else; empty for other text. A sentence is not searched for names: one that
     * says what not to do has them too.
     */
    public static Optional<String> named(String text) {
        return Optional.of(text.strip().toLowerCase(Locale.ROOT).replaceAll("[ -]+", "_"))
                .filter(KNOWN::contains);
    }

    /**
     * The policy of the prompt of a sample; null if nothing names one.
     *
     * @param ofClauses what all clauses of its categories that state one state
     */
    static @Nullable String of(Sample sample, @Nullable String ofClauses) {
        String sideInfo = sample.getSideInfo();
        return sideInfo == null
                ? ofClauses
                : named(sideInfo).or(() -> member(sideInfo)).orElse(ofClauses);
    }

    /** The member of side information that is a JSON object. Its owner names it, so that it may be any text. */
    private static Optional<String> member(String sideInfo) {
        return sideInfo.stripLeading().startsWith("{")
                ? JsonText.parse(sideInfo)
                        .map(json -> json.path("response_policy"))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .filter(policy -> !policy.isBlank())
                        .map(policy -> named(policy).orElse(policy))
                : Optional.empty();
    }

    /** The share of the votes on a sample that agree with its side information; null if no judge said whether it does. */
    static @Nullable Double agreement(Sample sample) {
        List<Boolean> votes = sample.getJudge().stream()
                .map(Vote::getAgree)
                .filter(Objects::nonNull)
                .toList();
        return votes.isEmpty()
                ? null
                : (double) votes.stream().filter(agree -> agree).count() / votes.size();
    }
}

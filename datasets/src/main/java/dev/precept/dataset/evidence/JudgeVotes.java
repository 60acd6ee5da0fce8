package dev.precept.dataset.evidence;

import dev.precept.records.Spend;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one judge model was paid for and how it answered, over a run.
 *
 * @param calls without those answered from the cache
 * @param scoreForms valid votes by how they were written: by the notation of their scores, and by what stood around the object
 * @param invalidVotes replies that were no vote, by cause
 */
public record JudgeVotes(
        long calls,
        long promptTokens,
        long completionTokens,
        double usd,
        Map<String, Long> scoreForms,
        Map<String, Long> invalidVotes) {
    public JudgeVotes {
        scoreForms = Map.copyOf(scoreForms);
        invalidVotes = Map.copyOf(invalidVotes);
    }

    static JudgeVotes of(Spend spend) {
        return new JudgeVotes(
                spend.getCalls(),
                spend.getPromptTokens(),
                spend.getCompletionTokens(),
                spend.getUsd(),
                spend.getScoreForms(),
                spend.getInvalidVotesByCause());
    }

    JudgeVotes plus(JudgeVotes other) {
        return new JudgeVotes(
                calls + other.calls,
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                usd + other.usd,
                sum(scoreForms, other.scoreForms),
                sum(invalidVotes, other.invalidVotes));
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new TreeMap<>(one);
        other.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }
}

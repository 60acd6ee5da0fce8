package dev.precept.reward;

import dev.precept.records.ResponseStyle;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an answer is worth.
 *
 * @param score 0-10: that of the lowest vote
 * @param criteria each the lowest of all votes, 0-10
 * @param reason of the lowest vote, or the rule
 * @param style of the lowest vote; null where no judge was asked
 * @param votes how many; 0 by rule
 * @param stored how many of them were known before
 * @param seconds since the request arrived
 */
record Reward(
        int score,
        Map<String, Double> criteria,
        String reason,
        @Nullable ResponseStyle style,
        int votes,
        int stored,
        double seconds) {
    static final double HIGHEST = 10;

    Reward {
        criteria = Collections.unmodifiableMap(new LinkedHashMap<>(criteria));
    }

    /** The reward of a completion without an answer. */
    static Reward ofNoAnswer(String why) {
        return new Reward(0, Map.of(), why, null, 0, 0, 0);
    }

    /** @param votes at least one; all that are asked for */
    static Reward lowest(List<VoteFlights.Obtained> votes) {
        StoredVote lowest = votes.getFirst().vote();
        Map<String, Double> criteria = new LinkedHashMap<>();
        for (VoteFlights.Obtained obtained : votes) {
            StoredVote vote = obtained.vote();
            lowest = vote.score() < lowest.score() ? vote : lowest;
            vote.criteria().forEach((name, score) -> criteria.merge(name, score, Math::min));
        }
        long stored = votes.stream().filter(VoteFlights.Obtained::stored).count();
        return new Reward(lowest.score(), criteria, lowest.reason(), lowest.style(), votes.size(), (int) stored, 0);
    }

    Reward after(double elapsed) {
        return new Reward(score, criteria, reason, style, votes, stored, elapsed);
    }

    /** From 0 to 1. */
    double value() {
        return score / HIGHEST;
    }
}

package dev.precept.streams.ledger;

import dev.precept.records.Completion;
import dev.precept.records.Rejection;
import dev.precept.records.Repair;
import dev.precept.records.Review;
import dev.precept.records.RunParameters;
import dev.precept.records.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an attempt with a low score what the next attempt gets to correct it. A pure function of the completion and of the
 * votes that decided, so that the same answers give the same request. Votes after the first one below the threshold are those
 * of an audit, and change nothing.
 */
final class Repairs {
    /** Characters of reasoning and answer. A longer attempt is not given back: little room would be left for a new one. */
    static final int MAX_ATTEMPT = 64 << 10;

    static final int MAX_REASON = 4 << 10;

    private Repairs() {}

    /** A repair without its texts. */
    static Repair mark(int attempt) {
        return Repair.newBuilder().setAttempt(attempt).build();
    }

    static Optional<Repair> of(int attempt, Completion completion, List<Vote> votes, RunParameters parameters) {
        List<Vote> deciding = parameters.getStopEarly() ? deciding(votes, parameters.getThreshold()) : votes;
        return of(attempt, completion.getReasoning(), answer(completion), deciding);
    }

    /** Of a committed row of the attempt, which has no tool calls. */
    static Optional<Repair> of(Rejection row, RunParameters parameters) {
        List<Vote> votes = row.getJudge() == null ? List.of() : row.getJudge();
        List<Vote> deciding = parameters.getStopEarly() ? deciding(votes, parameters.getThreshold()) : votes;
        return row.getAttempt() == null
                        || row.getAnswer() == null
                        || row.getAnswer().isBlank()
                ? Optional.empty()
                : of(row.getAttempt(), row.getReasoning(), row.getAnswer(), deciding);
    }

    private static Optional<Repair> of(int attempt, @Nullable String reasoning, String answer, List<Vote> votes) {
        String thought = reasoning == null ? "" : reasoning;
        if (votes.isEmpty() || thought.length() + answer.length() > MAX_ATTEMPT) {
            return Optional.empty();
        }
        List<Review> reviews = votes.stream()
                .map(vote -> new Review(vote.getScore(), cut(vote.getReason())))
                .toList();
        return Optional.of(new Repair(attempt, thought, answer, reviews));
    }

    private static List<Vote> deciding(List<Vote> votes, double threshold) {
        List<Vote> deciding = new ArrayList<>();
        for (Vote vote : votes) {
            deciding.add(vote);
            if (!(vote.getScore() >= threshold)) {
                break;
            }
        }
        return deciding;
    }

    private static String answer(Completion completion) {
        return completion.getToolCalls() == null
                ? completion.getAnswer()
                : (completion.getAnswer() + "\n" + completion.getToolCalls()).strip();
    }

    private static String cut(String reason) {
        if (reason.length() <= MAX_REASON) {
            return reason;
        }
        int end = Character.isHighSurrogate(reason.charAt(MAX_REASON - 1)) ? MAX_REASON - 1 : MAX_REASON;
        return reason.substring(0, end) + "…";
    }
}

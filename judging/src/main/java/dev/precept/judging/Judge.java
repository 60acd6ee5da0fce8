package dev.precept.judging;

import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TextLimit;
import dev.precept.records.Candidate;
import dev.precept.records.Failure;
import dev.precept.records.JudgingTask;
import dev.precept.records.Reason;
import dev.precept.records.Vote;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Obtains votes from one judge model. */
final class Judge {
    /** Begins the reason why a vote that was cut at the token limit is none. */
    static final String CUT = "cut at ";

    private static final int MAX_REQUESTS = 3;
    /** Of the token limit, for one more try of a vote that was cut. */
    private static final int LARGER = 2;

    private final HandlerContext context;

    Judge(HandlerContext context) {
        this.context = context;
    }

    /** How large the requests of a vote are. */
    private enum Size {
        /** The limit of the recipe; none was cut yet. */
        FIRST,
        /** Larger, because one was cut. */
        LARGER,
        /** The limit of the recipe again: the server takes no larger one. */
        ONLY
    }

    /** A reply that is no vote is followed by another request, up to {@value #MAX_REQUESTS} in all. */
    ScoreResult vote(JudgingTask task, Excerpts.EncodedExcerpt excerpt, int vote, Parking parking)
            throws InterruptedException {
        Candidate candidate = task.getCandidate();
        return vote(
                JudgedWork.WithReasoning.of(candidate),
                retry -> CallKey.judgement(candidate.getTask().getRef(), vote, retry),
                task.getRound(),
                excerpt,
                parking);
    }

    /**
     * As {@link #vote(JudgingTask, Excerpts.EncodedExcerpt, int, Parking)}.
     *
     * @param keys by the number of the request, from 1; all of one vote
     */
    ScoreResult vote(
            JudgedWork work, IntFunction<CallKey> keys, int round, Excerpts.EncodedExcerpt excerpt, Parking parking)
            throws InterruptedException {
        VoteSchema schema = VoteSchema.of(context.criteria(), work.sideInfo() != null);
        int vote = keys.apply(1).vote();
        String why = "";
        @Nullable String invalidReply = null;
        boolean again = true;
        Size size = Size.FIRST;
        int requests = 0;
        // The requests of all rounds are numbered: each has its own seed, and so its own entry in the cache.
        int before = (round - 1) * MAX_REQUESTS;
        while (requests < MAX_REQUESTS) {
            requests++;
            CallKey key = keys.apply(before + requests);
            Sampling sampling = sampling(size);
            switch (call(work, excerpt, key, sampling, schema, parking)) {
                case CallResult.Failed(Failure failure) -> {
                    return failed(vote, failure);
                }
                case CallResult.Completed(Reply reply) -> {
                    switch (parse(reply, schema, sampling.maxTokens())) {
                        case JudgeScore.Parsed.Valid(JudgeScore score, VoteForm form) -> {
                            context.validVote(form);
                            return new ScoreResult.Valid(vote(key, template(work), score, (Reply.Answered) reply));
                        }
                        case JudgeScore.Parsed.Invalid(VoteFault fault, String cause) -> {
                            why = cause;
                            invalidReply = text(reply);
                            context.invalidVote(fault, cause, invalidReply);
                            boolean refused = fault == VoteFault.REFUSED || fault == VoteFault.CONTEXT_TOO_LONG;
                            again = !refused || size == Size.LARGER; // the larger limit may be what is refused
                            if (fault == VoteFault.CUT && size != Size.FIRST) {
                                return unjudgeable(invalid(vote, requests, why), true, invalidReply);
                            }
                            size = switch (size) {
                                case FIRST -> fault == VoteFault.CUT ? Size.LARGER : Size.FIRST;
                                case LARGER -> refused ? Size.ONLY : Size.LARGER;
                                case ONLY -> Size.ONLY;
                            };
                        }
                    }
                }
            }
        }
        return unjudgeable(invalid(vote, requests, why), again, invalidReply);
    }

    private Sampling sampling(Size size) {
        Sampling sampling = context.settings().sampling();
        return size == Size.LARGER ? sampling.withMaxTokens(LARGER * sampling.maxTokens()) : sampling;
    }

    private static String invalid(int vote, int requests, String why) {
        return "vote " + vote + " was invalid " + requests + " times; the last time: " + why;
    }

    /** The end of the run ends the slot; any other failure is the judge's, and another round may do better. */
    private static ScoreResult failed(int vote, Failure failure) {
        return switch (failure.getReason()) {
            case CANCELLED, OVER_BUDGET -> new ScoreResult.Failed(failure, false, null);
            default ->
                unjudgeable("vote " + vote + ": " + failure.getReason() + ": " + failure.getDetail(), true, null);
        };
    }

    private static ScoreResult unjudgeable(String detail, boolean judgeAgain, @Nullable String reply) {
        return new ScoreResult.Failed(new Failure(Reason.UNJUDGEABLE, detail), judgeAgain, reply);
    }

    /** What a judge said, for the rejection; null if it said nothing. */
    private static @Nullable String text(Reply reply) {
        if (!(reply instanceof Reply.Answered answered)) {
            return null;
        }
        @Nullable String said = answered.content().isEmpty() ? answered.reasoning() : answered.content();
        return said == null ? null : TextLimit.cut(said, TextLimit.EXPLANATION_BYTES);
    }

    private CallResult call(
            JudgedWork work,
            Excerpts.EncodedExcerpt excerpt,
            CallKey key,
            Sampling sampling,
            VoteSchema schema,
            Parking parking)
            throws InterruptedException {
        return context.call(key, context.judgement(key, work, excerpt), null, sampling, schema.schema(), parking);
    }

    private String template(JudgedWork work) {
        return context.template(PromptTemplate.Role.of(work));
    }

    /** Whether a reply ended as a vote does. */
    static boolean stopped(Reply.Answered answered) {
        return answered.finishReason().equals("stop") && answered.toolCallsJson() == null;
    }

    /** The vote in a reply, or why it holds none. */
    static JudgeScore.Parsed parse(Reply reply, VoteSchema schema, int maxTokens) {
        return switch (reply) {
            case Reply.Answered answered when stopped(answered) -> JudgeScore.read(answered.content(), schema);
            case Reply.Answered answered
            when answered.toolCallsJson() != null -> invalid(VoteFault.TOOL_CALL, "it calls a tool");
            case Reply.Answered answered
            when answered.finishReason().equals("length") ->
                invalid(VoteFault.CUT, CUT + maxTokens + " tokens; raise judge.max_tokens");
            case Reply.Answered answered -> invalid(VoteFault.OTHER_END, "it ended with " + answered.finishReason());
            case Reply.Malformed malformed -> invalid(VoteFault.MALFORMED, malformed.detail());
            case Reply.RequestRefused refused ->
                invalid(VoteFault.REFUSED, "status " + refused.status() + ": " + refused.detail());
            case Reply.ContextTooLong tooLong -> invalid(VoteFault.CONTEXT_TOO_LONG, tooLong.detail());
        };
    }

    private static JudgeScore.Parsed invalid(VoteFault fault, String why) {
        return new JudgeScore.Parsed.Invalid(fault, why);
    }

    private Vote vote(CallKey key, String template, JudgeScore judgeScore, Reply.Answered answered) {
        Criteria criteria = context.criteria();
        return Vote.newBuilder()
                .setVote(key.vote())
                .setCalls(key.retry())
                .setScore(judgeScore.score())
                .setCriteria(judgeScore.criteria())
                .setAgree(judgeScore.agree())
                .setResponseStyle(judgeScore.style())
                .setReason(judgeScore.reason())
                .setModel(answered.model())
                .setSystemFingerprint(answered.server().fingerprint())
                .setEndpoint(context.settings().urls())
                .setTemplate(template)
                .setSeed(key.seed())
                .setUsage(UsageRecords.from(answered.usage()))
                .setProcessScore(orNull(criteria.lowest(Criteria.Kind.PROCESS, judgeScore.criteria())))
                .setOutcomeScore(orNull(criteria.lowest(Criteria.Kind.OUTCOME, judgeScore.criteria())))
                .build();
    }

    private static @Nullable Double orNull(OptionalInt score) {
        return score.isPresent() ? (double) score.getAsInt() : null;
    }
}

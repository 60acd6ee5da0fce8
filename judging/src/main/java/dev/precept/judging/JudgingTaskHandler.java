package dev.precept.judging;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.model.TextLimit;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a candidate against the specification with several votes. Where the run stops early, votes are requested one after
 * the other, so that the first one below the threshold saves the rest; else those after the first together. An audited task
 * gets the rest too, without an effect on the decision.
 */
public final class JudgingTaskHandler implements TaskHandler<JudgingTask, Verdict> {
    public static final String NAME = "judge";
    /** Begins the reason why a vote that was cut at the token limit is none. */
    static final String CUT = "cut at ";

    private static final Logger log = LoggerFactory.getLogger(JudgingTaskHandler.class);
    private static final int MAX_REQUESTS = 3;

    private final HandlerContext context;
    private final JudgingTaskHandler auditor;

    /** Obtains the votes of an audit as it obtains the others. */
    public JudgingTaskHandler(HandlerContext context) {
        this.context = context;
        this.auditor = this;
    }

    /** @param audits for the votes of an audit that no decision waits for */
    public JudgingTaskHandler(HandlerContext context, HandlerContext audits) {
        this.context = context;
        this.auditor = new JudgingTaskHandler(audits);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Topic<JudgingTask> taskTopic() {
        return Topics.JUDGING_TASKS;
    }

    @Override
    public Topic<Verdict> resultTopic() {
        return Topics.VERDICTS;
    }

    @Override
    public Verdict handle(JudgingTask task, Parking parking) throws InterruptedException {
        Candidate candidate = task.getCandidate();
        Prompt prompt = candidate.getTask().getPrompt();
        RunParameters runParameters = prompt.getRunParameters();
        Excerpts.EncodedExcerpt excerpt = context.excerpts().resolve(prompt);
        List<Vote> votes = new ArrayList<>();
        ScoreResult.Failed failed = null;
        List<ScoreResult> results = results(task, excerpt, runParameters, parking);
        for (ScoreResult result : results) {
            switch (result) {
                case ScoreResult.Failed missing -> failed = failed == null ? missing : failed;
                case ScoreResult.Valid(Vote valid) -> votes.add(valid);
            }
        }
        if (task.getAudited() && runParameters.getStopEarly() && failed == null) {
            votes.addAll(auditVotes(task, excerpt, runParameters, results.size(), parking));
        }
        return Verdict.newBuilder()
                .setTask(task)
                .setVotes(votes)
                .setFailure(failed == null ? null : failed.failure())
                .setCreatedAt(context.now())
                .setJudgeAgain(failed != null && failed.judgeAgain())
                .setInvalidReply(failed == null ? null : failed.reply())
                .build();
    }

    /**
     * The first vote is requested alone: the server reads the request once, and the others find it there. A task that needs
     * all votes then requests them together; one that stops early requests one after the other.
     */
    private List<ScoreResult> results(
            JudgingTask task, Excerpts.EncodedExcerpt excerpt, RunParameters runParameters, Parking parking)
            throws InterruptedException {
        List<ScoreResult> results = new ArrayList<>(List.of(vote(task, excerpt, 1, parking)));
        if (results.getFirst() instanceof ScoreResult.Failed) {
            return results;
        }
        if (!runParameters.getStopEarly()) {
            List<JointParking.Call<ScoreResult>> others = IntStream.rangeClosed(2, runParameters.getVotes())
                    .<JointParking.Call<ScoreResult>>mapToObj(vote -> joint -> vote(task, excerpt, vote, joint))
                    .toList();
            results.addAll(JointParking.make(others, parking));
            return results;
        }
        while (results.size() < runParameters.getVotes()
                && results.getLast() instanceof ScoreResult.Valid(Vote last)
                && last.getScore() >= runParameters.getThreshold()) {
            results.add(vote(task, excerpt, results.size() + 1, parking));
        }
        return results;
    }

    /**
     * The votes of an audited task that stopping early has saved. The votes before them have decided: one that cannot be
     * obtained is left out, and its failure is none of the verdict.
     *
     * @param given the votes so far, each valid
     */
    private List<Vote> auditVotes(
            JudgingTask task, Excerpts.EncodedExcerpt excerpt, RunParameters runParameters, int given, Parking parking)
            throws InterruptedException {
        List<JointParking.Call<Optional<Vote>>> calls = IntStream.rangeClosed(given + 1, runParameters.getVotes())
                .<JointParking.Call<Optional<Vote>>>mapToObj(vote -> joint -> auditVote(task, excerpt, vote, joint))
                .toList();
        return JointParking.make(calls, parking).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Vote> auditVote(JudgingTask task, Excerpts.EncodedExcerpt excerpt, int vote, Parking parking)
            throws InterruptedException {
        String why;
        try {
            switch (auditor.vote(task, excerpt, vote, parking)) {
                case ScoreResult.Valid(Vote valid) -> {
                    return Optional.of(valid);
                }
                case ScoreResult.Failed missing -> why = missing.failure().getDetail();
            }
        } catch (RuntimeException e) {
            why = String.valueOf(e);
        }
        log.atWarn()
                .addKeyValue("slot", SlotId.of(task.getCandidate().getTask().getRef()))
                .addKeyValue("vote", vote)
                .addKeyValue("cause", why)
                .log("cannot obtain a vote of an audit; the verdict stands without it");
        return Optional.empty();
    }

    @Override
    public Verdict failed(JudgingTask task, String detail) {
        return Verdict.newBuilder()
                .setTask(task)
                .setVotes(List.of())
                .setFailure(new Failure(Reason.UNJUDGEABLE, detail))
                .setWorkerFailed(true)
                .setCreatedAt(context.now())
                .build();
    }

    private sealed interface ScoreResult {
        record Valid(Vote vote) implements ScoreResult {}

        /**
         * @param judgeAgain whether another round may give the vote
         * @param reply the last one that was no vote; null if there is none
         */
        record Failed(
                Failure failure,
                boolean judgeAgain,
                @Nullable String reply) implements ScoreResult {}
    }

    private ScoreResult vote(JudgingTask task, Excerpts.EncodedExcerpt excerpt, int vote, Parking parking)
            throws InterruptedException {
        Candidate candidate = task.getCandidate();
        boolean sideInfo = candidate.getTask().getPrompt().getSideInfo() != null;
        String why = "";
        @Nullable String invalidReply = null;
        boolean again = true;
        // The requests of all rounds are numbered: each has its own seed, and so its own entry in the cache.
        int before = (task.getRound() - 1) * MAX_REQUESTS;
        for (int retry = before + 1; retry <= before + MAX_REQUESTS; retry++) {
            CallKey key = CallKey.judgement(candidate.getTask().getRef(), vote, retry);
            switch (call(candidate, excerpt, key, parking)) {
                case CallResult.Completed(Reply reply) -> {
                    again = !(reply instanceof Reply.RequestRefused) && !(reply instanceof Reply.ContextTooLong);
                    switch (parse(reply, sideInfo, context.settings().sampling().maxTokens())) {
                        case JudgeScore.Parsed.Valid(JudgeScore score) -> {
                            context.validVote();
                            return new ScoreResult.Valid(vote(key, score, (Reply.Answered) reply));
                        }
                        case JudgeScore.Parsed.Invalid(String fault) -> {
                            why = fault;
                            invalidReply = text(reply);
                            context.invalidVote(fault, invalidReply);
                        }
                    }
                }
                case CallResult.Failed(Failure failure) -> {
                    return failed(vote, failure);
                }
            }
        }
        return unjudgeable(
                "vote " + vote + " was invalid " + MAX_REQUESTS + " times; the last time: " + why, again, invalidReply);
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

    private CallResult call(Candidate candidate, Excerpts.EncodedExcerpt excerpt, CallKey key, Parking parking)
            throws InterruptedException {
        Prompt prompt = candidate.getTask().getPrompt();
        if (!(candidate.getOutcome() instanceof Completion completion)) {
            throw new IllegalStateException("a judging task needs a completion");
        }
        List<ChatMessage> messages = context.judgement(
                key,
                prompt.getMessages(),
                completion.getReasoning() == null ? "" : completion.getReasoning(),
                answerText(completion),
                prompt.getSideInfo(),
                excerpt);
        return context.call(
                key,
                messages,
                null,
                context.settings().sampling(),
                JudgeScore.schema(prompt.getSideInfo() != null),
                parking);
    }

    /** Whether an answer is a valid vote under the schema of its request. */
    public static boolean isVote(ChatRequest request, Reply.Answered answered) {
        ResponseSchema schema = request.schema();
        return schema != null && stopped(answered) && JudgeScore.isVote(answered.content(), schema);
    }

    private static boolean stopped(Reply.Answered answered) {
        return answered.finishReason().equals("stop") && answered.toolCallsJson() == null;
    }

    private static String answerText(Completion completion) {
        return completion.getToolCalls() == null
                ? completion.getAnswer()
                : (completion.getAnswer() + "\n" + completion.getToolCalls()).strip();
    }

    /** The vote in a reply, or why it holds none. */
    static JudgeScore.Parsed parse(Reply reply, boolean sideInfo, int maxTokens) {
        return switch (reply) {
            case Reply.Answered answered when stopped(answered) -> JudgeScore.read(answered.content(), sideInfo);
            case Reply.Answered answered
            when answered.toolCallsJson() != null -> new JudgeScore.Parsed.Invalid("it calls a tool");
            case Reply.Answered answered
            when answered.finishReason().equals("length") ->
                new JudgeScore.Parsed.Invalid(CUT + maxTokens + " tokens; raise judge.max_tokens");
            case Reply.Answered answered -> new JudgeScore.Parsed.Invalid("it ended with " + answered.finishReason());
            case Reply.Malformed malformed -> new JudgeScore.Parsed.Invalid(malformed.detail());
            case Reply.RequestRefused refused ->
                new JudgeScore.Parsed.Invalid("status " + refused.status() + ": " + refused.detail());
            case Reply.ContextTooLong tooLong -> new JudgeScore.Parsed.Invalid(tooLong.detail());
        };
    }

    private Vote vote(CallKey key, JudgeScore judgeScore, Reply.Answered answered) {
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
                .setTemplate(context.template(PromptTemplate.Role.JUDGE))
                .setSeed(key.seed())
                .setUsage(UsageRecords.from(answered.usage()))
                .build();
    }
}

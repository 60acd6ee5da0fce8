package dev.precept.judging;

import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.records.Candidate;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a candidate against the specification with several votes, dealt to the judges of a panel. Where the run stops early, votes are requested one after
 * the other, so that the first one below the threshold saves the rest; else those after the first together. An audited task
 * gets the rest too, without an effect on the decision.
 */
public final class JudgingTaskHandler implements TaskHandler<JudgingTask, Verdict> {
    public static final String NAME = "judge";

    private static final Logger log = LoggerFactory.getLogger(JudgingTaskHandler.class);

    private final HandlerContext context;
    private final Panel<Judge> panel;
    private final Panel<Judge> auditors;

    /** One judge gives all votes; those of an audit are obtained as the others. */
    public JudgingTaskHandler(HandlerContext context) {
        this(Panel.of(context, 1));
    }

    /** Obtains the votes of an audit as it obtains the others. */
    public JudgingTaskHandler(Panel<HandlerContext> panel) {
        this(panel, panel);
    }

    /** @param audits for the votes of an audit that no decision waits for */
    public JudgingTaskHandler(Panel<HandlerContext> panel, Panel<HandlerContext> audits) {
        this.context = panel.judges().getFirst();
        this.panel = panel.map(Judge::new);
        this.auditors = audits.map(Judge::new);
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
            switch (auditors.judgeOf(vote).vote(task, excerpt, vote, parking)) {
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

    private ScoreResult vote(JudgingTask task, Excerpts.EncodedExcerpt excerpt, int vote, Parking parking)
            throws InterruptedException {
        return panel.judgeOf(vote).vote(task, excerpt, vote, parking);
    }

    /** Whether an answer is a valid vote under the schema of its request. */
    public static boolean isVote(ChatRequest request, Reply.Answered answered) {
        ResponseSchema schema = request.schema();
        return schema != null && Judge.stopped(answered) && JudgeScore.isVote(answered.content(), schema);
    }
}

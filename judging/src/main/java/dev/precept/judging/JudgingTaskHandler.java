package dev.precept.judging;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotRef;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The judge: sees the specification, and votes several times. Votes are asked one after the other, so that one task is one
 * call in flight, and the first vote below the threshold can spare the rest.
 */
public final class JudgingTaskHandler implements Role<JudgingTask, Verdict> {
    public static final String NAME = "judge";
    private static final int MAX_TRIES = 3;

    private final ModelClient client;
    private final EndpointSettings settings;
    private final Excerpts excerpts;
    private final byte[] secret;
    private final InstantSource clock;

    public JudgingTaskHandler(
            ModelClient caller, EndpointSettings settings, Excerpts excerpts, byte[] secret, InstantSource clock) {
        this.client = caller;
        this.settings = settings;
        this.excerpts = excerpts;
        this.secret = secret;
        this.clock = clock;
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
    public Verdict handle(JudgingTask task) throws InterruptedException {
        Candidate candidate = task.getCandidate();
        Prompt prompt = candidate.getTask().getPrompt();
        RunParameters runParameters = prompt.getRunParameters();
        PreEncodedText excerpt = excerpts.resolve(prompt).text();
        List<Vote> votes = new ArrayList<>();
        Failure failure = null;
        for (int vote = 1; vote <= runParameters.getVotes() && failure == null; vote++) {
            switch (vote(candidate, excerpt, vote)) {
                case ScoreResult.Failed(Failure why) -> failure = why;
                case ScoreResult.Valid(Vote cast) -> votes.add(cast);
            }
            if (runParameters.getStopEarly()
                    && !votes.isEmpty()
                    && votes.getLast().getScore() < runParameters.getThreshold()) {
                break;
            }
        }
        return Verdict.newBuilder()
                .setTask(task)
                .setVotes(votes)
                .setFailure(failure)
                .setCreatedAt(clock.instant())
                .build();
    }

    private sealed interface ScoreResult {
        record Valid(Vote vote) implements ScoreResult {}

        record Failed(Failure failure) implements ScoreResult {}
    }

    private ScoreResult vote(Candidate candidate, PreEncodedText excerpt, int vote) throws InterruptedException {
        SlotRef ref = candidate.getTask().getRef();
        for (int ask = 1; ask <= MAX_TRIES; ask++) {
            CallKey id = CallKey.judgement(ref, vote, ask);
            switch (client.call(request(candidate, excerpt, id), SlotId.of(ref))) {
                case CallResult.Completed(Reply reply) -> {
                    Optional<Vote> cast = read(candidate, id, reply);
                    if (cast.isPresent()) {
                        return new ScoreResult.Valid(cast.get());
                    }
                }
                case CallResult.Failed(Failure failure) -> {
                    if (failure.getReason() != Reason.TIMED_OUT) {
                        return new ScoreResult.Failed(failure);
                    }
                }
            }
        }
        return new ScoreResult.Failed(
                new Failure(Reason.UNJUDGEABLE, "vote " + vote + " was invalid " + MAX_TRIES + " times"));
    }

    private ChatRequest request(Candidate candidate, PreEncodedText excerpt, CallKey id) {
        Prompt prompt = candidate.getTask().getPrompt();
        if (!(candidate.getOutcome() instanceof Completion completion)) {
            throw new IllegalStateException("only a completion is judged");
        }
        MessageContent messageContent = PromptTemplates.judgement(
                prompt.getMessages(),
                completion.getReasoning() == null ? "" : completion.getReasoning(),
                answerText(completion),
                prompt.getSideInfo(),
                excerpt,
                id.nonce(secret));
        return new ChatRequest(
                settings.model(),
                List.of(ChatMessage.user(messageContent)),
                null,
                settings.sampling(),
                JudgeScore.schema(prompt.getSideInfo() != null),
                id.seed(),
                settings.callTimeout(),
                id.variant());
    }

    /** Whether an answer holds a vote as the request asked for one. */
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

    private Optional<Vote> read(Candidate candidate, CallKey id, Reply reply) {
        boolean sideInfo = candidate.getTask().getPrompt().getSideInfo() != null;
        if (!(reply instanceof Reply.Answered answered) || !stopped(answered)) {
            return Optional.empty();
        }
        return JudgeScore.read(answered.content(), sideInfo)
                .map(judgeScore -> Vote.newBuilder()
                        .setVote(id.vote())
                        .setCalls(id.retry())
                        .setScore(judgeScore.score())
                        .setCriteria(judgeScore.criteria())
                        .setAgree(judgeScore.agree())
                        .setResponseStyle(judgeScore.style())
                        .setReason(judgeScore.reason())
                        .setModel(answered.model())
                        .setEndpoint(settings.urls())
                        .setTemplate(PromptTemplates.JUDGE)
                        .setSeed(id.seed())
                        .setUsage(UsageRecords.from(answered.usage()))
                        .build());
    }
}

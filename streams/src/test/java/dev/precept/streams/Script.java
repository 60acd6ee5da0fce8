package dev.precept.streams;

import dev.precept.records.Asking;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.EndMarker;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Generator;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.UnusableLine;
import dev.precept.records.Usage;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.ContentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What readers and workers say to the topology, in their words. */
final class Script {
    static final String RUN = "run-1";
    private static final Usage USAGE = new Usage(10L, 20L, 5L);

    private Script() {}

    /** Votes are two and the threshold is 8. */
    static Asking asking(int samples, int attempts) {
        return new Asking(samples, attempts, 2, 8.0, true, 1_000);
    }

    static Prompt prompt(String text, String file, long line, Asking asking) {
        List<Message> messages =
                List.of(Message.newBuilder().setRole("user").setContent(text).build());
        return Prompt.newBuilder()
                .setPromptId(ContentId.ofPrompt(messages, null))
                .setOrigin(new Origin(file, String.valueOf(line), line))
                .setMessages(messages)
                .setCategories(List.of("weather"))
                .setSpecVersion("spec")
                .setSpecExcerptSha256("excerpt")
                .setAsking(asking)
                .build();
    }

    static PromptEvent asked(String run, Prompt prompt) {
        return new PromptEvent(run, prompt);
    }

    static PromptEvent unusable(String run, String file, long line, InputFault fault, int slots) {
        Origin origin = new Origin(file, String.valueOf(line), line);
        return new PromptEvent(
                run, new UnusableLine(ContentId.of(file + ":" + line), origin, fault, "what is wrong", slots));
    }

    static PromptEvent ended(String run, String source, int sources) {
        return ended(run, source, 0, sources);
    }

    static PromptEvent ended(String run, String source, int partition, int sources) {
        return new PromptEvent(run, new EndMarker(source, partition, sources));
    }

    /** A completion that the screen lets pass. */
    static Candidate completed(GenerationTask task, String answer) {
        return finished(task, "stop", "Because of attempt " + task.getRef().getAttempt(), answer);
    }

    static Candidate finished(GenerationTask task, String finishReason, @Nullable String reasoning, String answer) {
        return candidate(
                task,
                Completion.newBuilder()
                        .setFinishReason(finishReason)
                        .setReasoning(reasoning)
                        .setAnswer(answer)
                        .setCitedClauses(List.of("weather-K1"))
                        .build());
    }

    static Candidate failed(GenerationTask task, Reason reason) {
        return candidate(task, new Failure(reason, "the model said so"));
    }

    private static Candidate candidate(GenerationTask task, Object outcome) {
        return Candidate.newBuilder()
                .setTask(task)
                .setGenerator(Generator.newBuilder()
                        .setModel("model")
                        .setEndpoint("http://127.0.0.1")
                        .setTemplate("template-1")
                        .setParams("{}")
                        .setSeed(7)
                        .setUsage(USAGE)
                        .setAttempts(1)
                        .build())
                .setOutcome(outcome)
                .setCreatedAt(Instant.ofEpochMilli(1))
                .build();
    }

    static Verdict judged(JudgingTask task, double... scores) {
        return verdict(task, null, scores);
    }

    static Verdict unjudged(JudgingTask task, Reason reason, double... scores) {
        return verdict(task, new Failure(reason, "the judge said so"), scores);
    }

    private static Verdict verdict(JudgingTask task, @Nullable Failure failure, double... scores) {
        List<Vote> votes = new ArrayList<>();
        for (double score : scores) {
            votes.add(Vote.newBuilder()
                    .setVote(votes.size() + 1)
                    .setAsks(1)
                    .setScore(score)
                    .setCriteria(Map.of())
                    .setReason("reasoned")
                    .setModel("judge")
                    .setEndpoint("http://127.0.0.1")
                    .setTemplate("judge-1")
                    .setSeed(1)
                    .setUsage(USAGE)
                    .build());
        }
        return Verdict.newBuilder()
                .setTask(task)
                .setVotes(votes)
                .setFailure(failure)
                .setCreatedAt(Instant.ofEpochMilli(2))
                .build();
    }
}

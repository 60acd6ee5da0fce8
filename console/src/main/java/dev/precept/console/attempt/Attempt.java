package dev.precept.console.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.Parking;
import dev.precept.model.ModelCallException;
import dev.precept.model.ReplyListener;
import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One attempt of a prompt: excerpt, generation, screens and votes, each told as an event when it is there. */
final class Attempt {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AttemptInputs inputs;
    private final AttemptModels models;
    private final AttemptRequest request;
    private final BiConsumer<String, JsonNode> events;
    private final Consumer<AttemptResult> made;
    /** Whether pieces of an answer were told that is not whole. */
    private final AtomicBoolean pieces = new AtomicBoolean();

    /**
     * @param events takes the name and the data of an event
     * @param made takes the result once there is an answer
     */
    Attempt(
            AttemptInputs inputs,
            AttemptModels models,
            AttemptRequest request,
            BiConsumer<String, JsonNode> events,
            Consumer<AttemptResult> made) {
        this.inputs = inputs;
        this.models = models;
        this.request = request;
        this.events = events;
        this.made = made;
    }

    /** Tells of failed calls, which are repeated. */
    private final class Told implements Parking {
        private final String role;
        private int failures;

        Told(String role) {
            this.role = role;
        }

        @Override
        public void park(Wait wait) throws InterruptedException {
            wait.await();
        }

        @Override
        public synchronized void callFailed(ModelCallException cause) {
            failures++;
            if (pieces.getAndSet(false)) {
                events.accept("again", JSON.createObjectNode());
            }
            state("The call of the " + role + " failed " + (failures == 1 ? "once" : failures + " times") + ": "
                    + reason(cause)
                    + cause.retryAfter()
                            .map(wait -> "; its server asks to wait " + Math.max(1, wait.toSeconds()) + " s")
                            .orElse("")
                    + ". It is repeated.");
        }
    }

    private static String reason(ModelCallException cause) {
        return switch (cause) {
            case ModelCallException.RateLimited _ -> "too many requests (429)";
            case ModelCallException.TimedOut _ -> "no answer in time";
            case ModelCallException.Unavailable _,
                    ModelCallException.Unreadable _,
                    ModelCallException.Misconfigured _,
                    ModelCallException.NotPermitted _ -> String.valueOf(cause.getMessage());
        };
    }

    private void piece(ReplyListener.Part part, String text) {
        pieces.set(true);
        events.accept(
                "piece",
                JSON.createObjectNode()
                        .put("part", part.name().toLowerCase(Locale.ROOT))
                        .put("text", text));
    }

    private void state(String text) {
        events.accept("state", JSON.createObjectNode().put("text", text));
    }

    private void problem(String text) {
        events.accept("problem", JSON.createObjectNode().put("text", text));
    }

    void run() throws InterruptedException {
        Excerpts.EncodedExcerpt excerpt =
                models.excerpts().resolve(inputs.specification().version(), request.shown());
        events.accept(
                "excerpt",
                JSON.createObjectNode()
                        .put("characters", excerpt.excerpt().text().length())
                        .put("clauses", excerpt.excerpt().clauseIds().size())
                        .put("text", excerpt.excerpt().text()));
        state("The generator is asked …");
        GenerationTask task = request.task(inputs, excerpt.excerpt());
        Candidate candidate = inputs.generation()
                .apply(models.generator(request.sampling(inputs), this::piece))
                .handle(task, new Told("generator"));
        switch (candidate.getOutcome()) {
            case Completion completion -> judge(candidate, completion);
            case Failure failure -> problem(text(failure));
            default -> throw new IllegalStateException("a candidate holds neither completion nor failure");
        }
    }

    private static String text(Failure failure) {
        return switch (failure.getReason()) {
            case OVER_BUDGET ->
                "The budget of the recipe does not cover this call. Raise budget in the recipe, and start the console"
                        + " again.";
            default -> "There is no answer. " + failure.getReason() + ": " + failure.getDetail();
        };
    }

    private void judge(Candidate candidate, Completion completion) throws InterruptedException {
        if (completion.getReasoning() != null) {
            events.accept("reasoning", JSON.createObjectNode().put("text", completion.getReasoning()));
        }
        events.accept("answer", JSON.createObjectNode().put("text", completion.getAnswer()));
        AttemptResult result = new AttemptResult(
                UUID.randomUUID().toString(),
                request.prompt(),
                request.categories(),
                request.shown(),
                completion.getReasoning(),
                completion.getAnswer());
        made.accept(result);
        Optional<AttemptFailure> turnedDown = inputs.screen().apply(candidate);
        if (turnedDown.isPresent()) {
            AttemptFailure why = turnedDown.get();
            done(result, "Rejected before judging. " + why.getReason() + ": " + why.getDetail());
            return;
        }
        int votes = inputs.parameters().getVotes();
        state("The judge is asked for " + (votes == 1 ? "a vote" : "up to " + votes + " votes") + " …");
        Verdict verdict =
                new JudgingTaskHandler(models.judges()).handle(new JudgingTask(candidate, 1, false), new Told("judge"));
        verdict.getVotes().forEach(this::vote);
        Failure failure = verdict.getFailure();
        if (failure != null) { // the answer can be kept all the same
            events.accept(
                    "problem",
                    JSON.createObjectNode().put("text", text(failure)).put("id", result.id()));
            return;
        }
        done(result, decision(verdict.getVotes()));
    }

    private void vote(Vote vote) {
        ObjectNode json = JSON.createObjectNode()
                .put("score", vote.getScore())
                .put("model", vote.getModel())
                .put("style", vote.getResponseStyle() == null ? null : String.valueOf(vote.getResponseStyle()))
                .put("reason", vote.getReason());
        events.accept("vote", json);
    }

    private String decision(List<Vote> votes) {
        double lowest = votes.stream().mapToDouble(Vote::getScore).min().orElse(0);
        double threshold = inputs.parameters().getThreshold();
        return (lowest >= threshold ? "A run would accept it: " : "A run would reject it: ") + "the lowest vote is "
                + shown(lowest) + ", the threshold " + shown(threshold) + ".";
    }

    private static String shown(double score) {
        return score == Math.rint(score) ? String.valueOf((long) score) : String.valueOf(score);
    }

    private void done(AttemptResult result, String text) {
        events.accept("done", JSON.createObjectNode().put("text", text).put("id", result.id()));
    }
}

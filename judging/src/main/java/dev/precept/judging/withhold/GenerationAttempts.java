package dev.precept.judging.withhold;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Message;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.schemas.TrustedRecords;
import java.util.List;
import java.util.Optional;

/** Attempts of the generator. */
public final class GenerationAttempts implements AttemptKind<GenerationTask, Candidate> {
    static {
        TrustedRecords.trust(); // control tasks are copies
    }

    @Override
    public Optional<Failure> requestFailure(Candidate result) {
        return switch (result.getOutcome()) {
            case Failure failure when isOfRequest(failure.getReason()) -> Optional.of(failure);
            case Completion completion
            when isWhole(completion) && hasNoReasoning(completion) ->
                Optional.of(new Failure(Reason.NO_REASONING, "the completion has no reasoning"));
            default -> Optional.empty();
        };
    }

    private static boolean isOfRequest(Reason reason) {
        return switch (reason) {
            case REQUEST_REFUSED, CONTEXT_TOO_LONG, MALFORMED, NO_REASONING -> true;
            default -> false;
        };
    }

    private static boolean isWhole(Completion completion) {
        return completion.getFinishReason().equals("stop")
                || completion.getFinishReason().equals("tool_calls");
    }

    private static boolean hasNoReasoning(Completion completion) {
        return completion.getReasoning() == null || completion.getReasoning().isBlank();
    }

    @Override
    public GenerationTask control(GenerationTask task) {
        Message question = Message.newBuilder()
                .setRole("user")
                .setContent("How much is two plus two?")
                .build();
        Prompt harmless = Prompt.newBuilder(task.getPrompt())
                .setMessages(List.of(question))
                .setTools(null)
                .build();
        return GenerationTask.newBuilder(task)
                .setPrompt(harmless)
                .setRepair(null)
                .build();
    }

    @Override
    public boolean dependsOnContent(Reason reason) {
        return reason == Reason.CONTEXT_TOO_LONG;
    }

    @Override
    public String remedy() {
        return "the section 'generator' of the recipe or its server";
    }
}

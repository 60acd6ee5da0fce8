package dev.precept.streams.step;

import dev.precept.content.BoundedText;
import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.records.Stage;
import dev.precept.schemas.ContentId;
import dev.precept.text.EmptyAnswer;
import java.util.Optional;

/** Checks a candidate without a judge. A pure function. */
final class Screen {
    private Screen() {}

    /** The failure of the attempt; empty if the candidate may be judged. */
    static Optional<AttemptFailure> check(Candidate candidate) {
        int attempt = candidate.getTask().getRef().getAttempt();
        return switch (candidate.getOutcome()) {
            case Failure failure ->
                Optional.of(failure(failure.getReason(), Stage.GENERATION, attempt, failure.getDetail()));
            case Completion completion ->
                findFault(completion)
                        .or(() -> FindingPolicy.check(
                                completion, candidate.getTask().getPrompt().getRunParameters()))
                        .map(fault -> failure(fault.reason(), Stage.SCREEN, attempt, fault.detail()));
            default -> throw new IllegalStateException("a candidate holds neither completion nor failure");
        };
    }

    /** Whether the candidate holds a complete answer with reasoning, whatever its text. */
    static boolean isWhole(Candidate candidate) {
        return candidate.getOutcome() instanceof Completion completion
                && findFault(completion).isEmpty();
    }

    /** A failure as the ledger keeps it: its detail is bounded. */
    static AttemptFailure failure(Reason reason, Stage stage, int attempt, String detail) {
        return new AttemptFailure(reason, stage, attempt, BoundedText.detail(detail), null);
    }

    record Fault(Reason reason, String detail) {}

    private static Optional<Fault> findFault(Completion completion) {
        boolean calls = completion.getToolCalls() != null;
        return switch (completion.getFinishReason()) {
            case "length" -> Optional.of(new Fault(Reason.TRUNCATED, "cut at the token limit"));
            case "content_filter" ->
                Optional.of(new Fault(Reason.PROVIDER_REFUSED, "stopped by the provider's filter"));
            case "stop" -> checkShape(completion, calls);
            case "tool_calls" ->
                calls
                        ? checkShape(completion, true)
                        : Optional.of(new Fault(Reason.MALFORMED, "finished for tool calls without any"));
            default ->
                Optional.of(new Fault(
                        Reason.MALFORMED, "finish reason '" + completion.getFinishReason() + "' is not a completion"));
        };
    }

    private static Optional<Fault> checkShape(Completion completion, boolean calls) {
        String toolCalls = completion.getToolCalls();
        if (toolCalls != null && !ContentId.hasCanonicalForm(toolCalls)) {
            return Optional.of(new Fault(
                    Reason.MALFORMED, "the tool calls are no JSON, or hold a number that is too large for a double"));
        }
        Optional<String> empty = calls ? Optional.empty() : EmptyAnswer.find(completion.getAnswer());
        if (empty.isPresent()) {
            return Optional.of(new Fault(Reason.EMPTY_ANSWER, empty.get()));
        }
        String reasoning = completion.getReasoning();
        if (reasoning == null || reasoning.isEmpty()) {
            return Optional.of(new Fault(Reason.NO_REASONING, "the completion has no reasoning"));
        }
        return Optional.empty();
    }
}

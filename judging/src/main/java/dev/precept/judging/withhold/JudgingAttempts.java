package dev.precept.judging.withhold;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.JudgingTask;
import dev.precept.records.Reason;
import dev.precept.records.Verdict;
import java.util.List;
import java.util.Optional;

/** Attempts of the judge. */
public final class JudgingAttempts implements AttemptKind<JudgingTask, Verdict> {
    private final GenerationAttempts generations = new GenerationAttempts();

    @Override
    public Optional<Failure> requestFailure(Verdict result) {
        return Optional.ofNullable(result.getFailure()).filter(failure -> failure.getReason() == Reason.UNJUDGEABLE);
    }

    @Override
    public JudgingTask control(JudgingTask task) {
        Candidate candidate = task.getCandidate();
        Completion harmless = Completion.newBuilder()
                .setFinishReason("stop")
                .setReasoning("A sum is asked for. No clause forbids it, so I give it.")
                .setAnswer("Two plus two is four.")
                .setCitedClauses(List.of())
                .build();
        return JudgingTask.newBuilder(task)
                .setCandidate(Candidate.newBuilder(candidate)
                        .setTask(generations.control(candidate.getTask()))
                        .setOutcome(harmless)
                        .build())
                .setAudited(false)
                .build();
    }

    /** A judge that can judge hardly any real completion is the wrong one, whatever it makes of a short one. */
    @Override
    public boolean dependsOnContent(Reason reason) {
        return true;
    }

    @Override
    public String remedy() {
        return "the section 'judge' of the recipe or its server";
    }
}

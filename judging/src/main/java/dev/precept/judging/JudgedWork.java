package dev.precept.judging;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Message;
import dev.precept.records.Prompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a judge grades. A reward must not depend on the reasoning, so that its form has no field for one. */
public sealed interface JudgedWork {
    List<Message> conversation();

    /** With its tool calls. */
    String answer();

    /** A remark about the ideal response; null if there is none. */
    @Nullable
    String sideInfo();

    /** A completion, as it is filtered for training. */
    record WithReasoning(
            List<Message> conversation,
            String reasoning,
            String answer,
            @Nullable String sideInfo) implements JudgedWork {
        public WithReasoning {
            conversation = List.copyOf(conversation);
        }

        /** @throws IllegalStateException if the outcome of the candidate is no completion */
        static WithReasoning of(Candidate candidate) {
            if (!(candidate.getOutcome() instanceof Completion completion)) {
                throw new IllegalStateException("a judging task needs a completion");
            }
            Prompt prompt = candidate.getTask().getPrompt();
            String answer = completion.getToolCalls() == null
                    ? completion.getAnswer()
                    : (completion.getAnswer() + "\n" + completion.getToolCalls()).strip();
            return new WithReasoning(
                    prompt.getMessages(),
                    completion.getReasoning() == null ? "" : completion.getReasoning(),
                    answer,
                    prompt.getSideInfo());
        }
    }

    /** An answer, as it is rewarded in reinforcement learning. */
    record AnswerOnly(
            List<Message> conversation,
            String answer,
            @Nullable String sideInfo) implements JudgedWork {
        public AnswerOnly {
            conversation = List.copyOf(conversation);
        }
    }
}

package dev.precept.prompts;

import dev.precept.prompts.evaluation.EvaluationSets;
import java.util.List;

/**
 * The sources of a run, and what is in their rows.
 *
 * @param evaluationSets what the prompts are compared with
 */
public record CheckedInput(List<PromptSource> sources, InputReport report, EvaluationSets evaluationSets) {
    public CheckedInput {
        sources = List.copyOf(sources);
    }
}

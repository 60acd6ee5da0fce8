package dev.precept.prompts;

import java.util.List;

/** The sources of a run, and what is in their rows. */
public record CheckedInput(List<PromptSource> sources, InputReport report) {
    public CheckedInput {
        sources = List.copyOf(sources);
    }
}

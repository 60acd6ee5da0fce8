package dev.precept.prompts;

import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds a prompt in sources, as the publisher reads them. */
public final class PromptLookup {
    private PromptLookup() {}

    /**
     * The first usable prompt that a predicate accepts.
     *
     * @param sources result of {@link SourceFiles#check} with the same settings
     * @throws IOException if a source can no longer be read
     */
    public static Optional<Prompt> first(
            List<PromptSource> sources,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            Predicate<Prompt> wanted)
            throws IOException {
        for (PromptSource source : sources) {
            RowReader rows = new RowReader(source.name(), settings, specification, runParameters);
            try (PromptReader reader = new PromptReader(source, rows)) {
                for (ParsedRow row = reader.next(); row != null; row = reader.next()) {
                    if (row instanceof ParsedRow.Usable usable && wanted.test(usable.body())) {
                        return Optional.of(usable.body());
                    }
                }
            }
        }
        return Optional.empty();
    }
}

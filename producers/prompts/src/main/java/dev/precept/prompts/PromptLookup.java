package dev.precept.prompts;

import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.util.ArrayList;
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
        return first(sources, settings, specification, runParameters, wanted, 1).stream()
                .findFirst();
    }

    /** As {@link #first}, several prompts: at most {@code count}. */
    public static List<Prompt> first(
            List<PromptSource> sources,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            Predicate<Prompt> wanted,
            int count)
            throws IOException {
        List<Prompt> found = new ArrayList<>();
        for (PromptSource source : sources) {
            RowReader rows = new RowReader(source.name(), settings, specification, runParameters);
            try (PromptReader reader = new PromptReader(source, rows)) {
                ParsedRow row = reader.next();
                while (row != null && found.size() < count) {
                    if (row instanceof ParsedRow.Usable usable && wanted.test(usable.body())) {
                        found.add(usable.body());
                    }
                    row = found.size() < count ? reader.next() : null;
                }
            }
        }
        return found;
    }
}

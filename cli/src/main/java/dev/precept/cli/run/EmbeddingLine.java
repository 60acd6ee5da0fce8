package dev.precept.cli.run;

import dev.precept.dataset.semantic.SemanticDuplicates;
import java.util.Locale;

/** What an embedding model is about to compute, in a line. */
public final class EmbeddingLine {
    private static final double MILLION = 1e6;

    private EmbeddingLine() {}

    public static String of(SemanticDuplicates.Estimate estimate) {
        String line = String.format(
                Locale.ROOT,
                "meaning of prompts: %,d to compute with %s, %,d known",
                estimate.missing(),
                estimate.model(),
                estimate.cached());
        if (estimate.url().isEmpty() || estimate.missing() == 0) {
            return line;
        }
        return line
                + String.format(
                        Locale.ROOT,
                        "; about %,d requests to %s, %,d tokens%s",
                        estimate.calls(),
                        estimate.url().get(),
                        estimate.tokens(),
                        estimate.price()
                                .map(price ->
                                        String.format(Locale.ROOT, ", %.2f USD", price * estimate.tokens() / MILLION))
                                .orElse(""));
    }
}

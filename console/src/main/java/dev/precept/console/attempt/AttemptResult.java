package dev.precept.console.attempt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a prompt.
 *
 * @param shown the categories whose clauses the models were given
 * @param reasoning null where the model gave none
 */
record AttemptResult(
        String id,
        String prompt,
        List<String> categories,
        List<String> shown,
        @Nullable String reasoning,
        String answer) {}

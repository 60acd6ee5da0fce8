package dev.precept.cli.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.evaluation.result.Unfinished;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Runs one suite on one model. */
public interface SuiteRun {
    /**
     * What became of it.
     *
     * @param result as written; empty if none was
     */
    record Outcome(ExitCode code, Optional<ObjectNode> result) {}

    /**
     * Evaluates with one reasoning effort, and prints the result.
     *
     * @param effort empty for that of the recipe
     * @throws dev.precept.config.ConfigurationException before any call, if something is wrong
     */
    Outcome run(Optional<String> effort, Path folder) throws IOException, InterruptedException;

    /** The exit code of a suite. */
    static ExitCode code(Unfinished unfinished) {
        if (unfinished.open() == 0) {
            return ExitCode.RELEASED;
        }
        return unfinished.isMisconfigured() ? ExitCode.MISCONFIGURED : ExitCode.WORK_LEFT;
    }
}

package dev.precept.console.attempt;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.Panel;
import dev.precept.judging.TaskHandler;
import dev.precept.records.AttemptFailure;
import dev.precept.records.Budget;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.RunParameters;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.Specification;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What prompts are tried with: the settings of a run, and the steps of its roles.
 *
 * @param generator with at least one URL
 * @param judges each with at least one URL
 * @param unlabelled the categories whose clauses a prompt without one is given; empty if a run takes no such prompt
 * @param budget of all prompts that are tried with this folder, apart from that of the run; empty without a limit
 * @param folder for the spend and what is kept
 * @param generation makes a candidate
 * @param screen why a candidate is not judged; empty if it is
 */
public record AttemptInputs(
        EndpointSettings generator,
        Panel<EndpointSettings> judges,
        Specification specification,
        RunParameters parameters,
        Optional<List<String>> unlabelled,
        Optional<Budget> budget,
        WorkFolder folder,
        Function<HandlerContext, TaskHandler<GenerationTask, Candidate>> generation,
        Function<Candidate, Optional<AttemptFailure>> screen) {}

package dev.precept.benchmarks.client;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.cli.run.ModelReadiness;
import dev.precept.cli.run.RunExecution;
import dev.precept.cli.run.RunPlan;
import dev.precept.config.Recipe;
import dev.precept.runtime.WorkFolder;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** Runs all roles and the broker in one process, as {@code precept run} does, up to the release: {@code RECIPE WORK}. */
public final class PipelineProcess {
    private PipelineProcess() {}

    public static void main(String[] args) {
        ChildProtocol.handle(Map.of());
        try {
            WorkFolder work = new WorkFolder(Path.of(args[1]));
            work.prepare();
            try (WorkFolder.Lock _ = work.lock()) {
                Path recipe = Path.of(args[0]).toAbsolutePath();
                Path folder = Objects.requireNonNull(recipe.getParent());
                RunPlan plan = RunPlan.make(Recipe.parse("recipe.yaml", folder, Files.readString(recipe)), work);
                PrintStream log = new PrintStream(PrintStream.nullOutputStream());
                RunExecution.Outcome outcome = new RunExecution(plan, false, log, OptionalInt::empty)
                        .process(new ModelReadiness(Duration.ofSeconds(30), System.err));
                ChildProtocol.send("accepted", outcome.runProgress().accepted());
            }
        } catch (Exception e) {
            ChildProtocol.fail(e);
        }
    }
}

package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.runs.ProgressReader;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept status}. Works whether a process is running the run or not. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Show the state, counts and cost of a run.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--json", description = "the same as -o json")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        RunConnection runConnection = run.connect();
        JsonNode progress = progress(runConnection);
        if (json || output.isJson()) {
            System.out.println(progress.toPrettyString());
        } else {
            System.out.println("run " + runConnection.runId() + " as of "
                    + progress.path("as_of").asText());
            System.out.print(RunProgress.table(progress));
        }
        return ExitCode.RELEASED.code();
    }

    private static JsonNode progress(RunConnection runConnection) throws InterruptedException {
        Optional<JsonNode> complete = runConnection.finalProgress();
        if (complete.isPresent()) {
            return complete.get();
        }
        return runConnection.withKafka(kafka -> {
            try (ProgressReader reader = new ProgressReader(kafka, runConnection.runId())) {
                return reader.read().toJson();
            }
        });
    }
}

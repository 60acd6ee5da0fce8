package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.RunSummary;
import dev.precept.cli.terminal.CommandName;
import dev.precept.dataset.RunCounts;
import dev.precept.runs.RunActivity;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.ShellWord;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept runs}. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = {
            "List the runs of a dataset, with their state, counts, models and work folder.",
            "Counts are of committed rows; 'precept status' has those of a run that is under way."
        })
final class RunsCommand implements Callable<Integer> {
    @Mixin
    private DatasetArgument dataset = new DatasetArgument();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--no-counts", description = "do not count rows: counting reads every data file")
    private boolean noCounts;

    @Override
    public Integer call() throws IOException {
        List<RunSummary> runs = RunSummary.all(dataset.openReadOnly(), !noCounts);
        if (output.isJson()) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            runs.forEach(run -> all.add(json(run)));
            OutputOption.print(all);
            return ExitCode.RELEASED.code();
        }
        runs.forEach(this::print);
        if (runs.isEmpty()) {
            System.out.println("no run has written to " + dataset);
        } else if (runs.stream().anyMatch(run -> run.state() == RunActivity.State.OPEN)) {
            System.out.println(CommandName.in("more of an open run: 'precept status --dataset "
                    + ShellWord.of(dataset.toString()) + " --run NAME'; end it: 'precept cancel' with the same"));
        }
        return ExitCode.RELEASED.code();
    }

    private void print(RunSummary run) {
        System.out.println(run.runId() + "  " + run.state().label()
                + run.started().map(at -> "  started " + at).orElse(""));
        RunCounts counts = run.counts();
        if (counts != null) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "  rows    %,d accepted, %,d rejected%s",
                    counts.accepted(),
                    counts.rejected(),
                    counts.invalid() == 0 ? "" : String.format(Locale.ROOT, ", %,d unusable", counts.invalid())));
        }
        if (run.generator() != null) {
            System.out.println("  models  " + run.generator()
                    + (run.generator().equals(run.judge()) ? "" : ", judge " + run.judge()));
        }
        if (run.work() != null) {
            System.out.println("  work    " + run.work());
        }
    }

    private static ObjectNode json(RunSummary run) {
        ObjectNode json = OutputOption.object();
        json.put("run_id", run.runId());
        json.put("state", run.state().label());
        json.put("started", run.started().map(Object::toString).orElse(null));
        json.putObject("models").put("generator", run.generator()).put("judge", run.judge());
        json.put("work", run.work());
        RunCounts counts = run.counts();
        json.put("accepted", counts == null ? null : (Long) counts.accepted());
        json.put("rejected", counts == null ? null : (Long) counts.rejected());
        json.put("invalid", counts == null ? null : (Long) counts.invalid());
        return json;
    }
}

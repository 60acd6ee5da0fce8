package dev.precept.cli.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.RunCounts;
import dev.precept.runs.RunActivity;
import dev.precept.runs.RunActivity.State;
import dev.precept.runs.RunProgress;
import dev.precept.runs.RunStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a dataset alone knows of a run.
 *
 * @param counts of committed rows; null if they were not read
 * @param work machine and path of the work folder; null if the roles run alone
 */
public record RunSummary(
        String runId,
        State state,
        Optional<Instant> started,
        @Nullable String generator,
        @Nullable String judge,
        @Nullable RunCounts counts,
        @Nullable String work) {

    /** @param counting whether to count the committed rows: that reads every data file */
    public static List<RunSummary> all(Dataset dataset, boolean counting) throws IOException {
        Set<String> open = new HashSet<>(dataset.openRuns());
        Map<String, RunCounts> counts = counting ? RunCounts.read(dataset) : Map.of();
        List<RunSummary> all = new ArrayList<>();
        for (Dataset.RunEntry run : dataset.runs()) {
            State state = open.contains(run.runId())
                    ? State.OPEN
                    : run.closed().isPresent() && !dataset.isComplete(run.runId()) ? State.CLOSED : State.COMPLETE;
            all.add(of(run, state, counting ? counts.getOrDefault(run.runId(), RunCounts.none()) : null));
        }
        return all;
    }

    private static RunSummary of(Dataset.RunEntry run, State state, @Nullable RunCounts counts) {
        return new RunSummary(
                run.runId(),
                state,
                run.started(),
                run.identity().path("generator.model").textValue(),
                run.identity().path("judge.model").textValue(),
                counts,
                run.workFolder().orElse(null));
    }

    /** The status of a run that cannot be reached: its committed rows, and why there is no more. */
    public static RunStatus status(RunLocation.Unreachable at) throws IOException {
        RunSummary run = all(at.dataset(), true).stream()
                .filter(each -> each.runId().equals(at.run().runId()))
                .findFirst()
                .orElseThrow();
        String why = switch (run.state()) {
            case COMPLETE -> "";
            case OPEN, CLOSED -> at.remedy();
        };
        return RunStatus.of(
                run.progress(),
                new RunActivity(run.state(), RunActivity.Activity.STOPPED, why),
                new RunStatus.Places(at.dataset().location(), run.work(), null, run.generator(), run.judge()),
                run.started(),
                Optional.empty(),
                Instant.now());
    }

    private ObjectNode progress() {
        RunCounts committed = counts == null ? RunCounts.none() : counts;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("run_id", runId);
        json.put("as_of", (String) null);
        json.put("slots", committed.accepted() + committed.rejected() + committed.invalid());
        json.put("accepted", committed.accepted());
        json.putObject("rejected").put("committed", committed.rejected());
        json.put("invalid", committed.invalid());
        json.put("complete", state == State.COMPLETE);
        RunProgress.of(runId, 0, List.of(), List.of()).toJson().fieldNames().forEachRemaining(field -> {
            if (!json.has(field)) {
                json.putNull(field);
            }
        });
        return json;
    }
}

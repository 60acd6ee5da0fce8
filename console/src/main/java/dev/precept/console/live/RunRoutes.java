package dev.precept.console.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.Route;
import dev.precept.records.Run;
import dev.precept.runs.RunConnection;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.http.WebReply;
import dev.precept.runtime.metrics.MetricsSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The routes of a run: its status, the stream of its changes, and its control. */
public final class RunRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REST = Duration.ofSeconds(30);

    private final RunConnection run;
    private final LiveRun live;

    /** @param run in a work folder, with a process that runs it or without */
    public RunRoutes(WorkFolderRun run) {
        this(run, REST);
    }

    /** @param rest a status of a stopped run that is older is read again when the page is opened */
    RunRoutes(WorkFolderRun run, Duration rest) {
        this.run = run;
        this.live = new LiveRun(run, new EndpointMetrics(MetricsSettings.read(run.recipe())), rest);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/run", _ -> ApiReply.json(live.current())),
                Route.get("/api/run/events", _ -> ApiReply.events(live::follow)),
                Route.post(
                        "/api/run/pause",
                        _ -> change(
                                "paused",
                                record -> Run.newBuilder(record).setPaused(true).build())),
                Route.post(
                        "/api/run/resume",
                        _ -> change(
                                "resumed",
                                record ->
                                        Run.newBuilder(record).setPaused(false).build())),
                Route.post(
                        "/api/run/cancel",
                        _ -> change(
                                "cancelled",
                                record -> Run.newBuilder(record)
                                        .setCancelled(true)
                                        .build())));
    }

    /** As the command of this name does it. */
    private WebReply change(String done, UnaryOperator<Run> edit) throws ApiException, InterruptedException {
        boolean stopped;
        try {
            stopped = live.change(edit);
        } catch (ConfigurationException e) {
            throw ApiException.conflict(String.valueOf(e.getMessage()));
        }
        return ApiReply.json(JSON.createObjectNode()
                .put("run_id", run.runId())
                .put("done", done)
                .put("note", stopped ? "no process is running it; " + run.restart() : ""));
    }
}

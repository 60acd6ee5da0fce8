package dev.precept.workers;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.ModelClient;
import dev.precept.judging.Role;
import dev.precept.judging.RunGuard;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanaryCounters;
import dev.precept.judging.canary.CanaryJudge;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import java.time.InstantSource;

/**
 * What a role works with.
 *
 * @param client for tasks, which wait as long as it takes
 * @param bestEffortClient for what no task waits for, through the same endpoints
 */
record RoleContext(
        WorkerContext worker,
        EndpointSettings settings,
        ModelClient client,
        ModelClient bestEffortClient,
        Excerpts excerpts,
        RunGuard runGuard) {
    /** Of the calls in flight, at most this part are of canaries, but always one may be. */
    private static final int CALLS_TO_A_CANARY = 8;

    Role<GenerationTask, Candidate> generator() {
        return new GenerationTaskHandler(client, settings, excerpts, worker.nonceKey(), InstantSource.system());
    }

    Role<JudgingTask, Verdict> judge(Canaries canaries) {
        return canaries.size() == 0
                ? judging(client)
                : new CanaryJudge(
                        judging(client),
                        judging(bestEffortClient),
                        canaries,
                        excerpts,
                        runGuard,
                        new CanaryCounters(worker.meters()),
                        Math.max(1, settings.concurrency() / CALLS_TO_A_CANARY));
    }

    private JudgingTaskHandler judging(ModelClient modelClient) {
        return new JudgingTaskHandler(modelClient, settings, excerpts, worker.nonceKey(), InstantSource.system());
    }
}

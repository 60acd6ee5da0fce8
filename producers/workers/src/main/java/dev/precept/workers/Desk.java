package dev.precept.workers;

import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import java.time.InstantSource;

/**
 * What a role works with.
 *
 * @param caller for tasks, which wait as long as it takes
 * @param brief for what no task waits for, through the same endpoints
 */
record Desk(
        Workplace place,
        EndpointSettings settings,
        Calls caller,
        Calls brief,
        Excerpts excerpts,
        Permission permission) {
    /** Of the calls in flight, at most this part are of canaries, but always one may be. */
    private static final int CALLS_TO_A_CANARY = 8;

    Role<GenerationTask, Candidate> generator() {
        return new Generating(caller, settings, excerpts, place.nonceKey(), InstantSource.system());
    }

    Role<JudgingTask, Verdict> judge(Canaries canaries) {
        return canaries.size() == 0
                ? judging(caller)
                : new Measuring(
                        judging(caller),
                        judging(brief),
                        canaries,
                        excerpts,
                        permission,
                        new CanaryTally(place.meters()),
                        Math.max(1, settings.concurrency() / CALLS_TO_A_CANARY));
    }

    private Judging judging(Calls calls) {
        return new Judging(calls, settings, excerpts, place.nonceKey(), InstantSource.system());
    }
}

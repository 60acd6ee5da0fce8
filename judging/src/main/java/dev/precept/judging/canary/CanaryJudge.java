package dev.precept.judging.canary;

import dev.precept.judging.CanarySpend;
import dev.precept.judging.Excerpts;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.Panel;
import dev.precept.judging.Parking;
import dev.precept.judging.RunGuard;
import dev.precept.judging.TaskHandler;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges tasks, and canaries beside some of them. A canary is judged after its task in a virtual thread that no task waits
 * for, and leaves no record. Thread-safe.
 */
public final class CanaryJudge implements TaskHandler<JudgingTask, Verdict> {
    private static final Logger log = LoggerFactory.getLogger(CanaryJudge.class);
    private static final long INTERRUPT_INTERVAL_MILLIS = 100;
    /** At most one in this many calls in flight is for a canary, but one is always allowed. */
    private static final int CALLS_PER_CANARY = 8;

    private final JudgingTaskHandler judge;
    private final JudgingTaskHandler bestEffortJudge;
    private final Canaries canaries;
    private final Excerpts excerpts;
    /** Of each judge: all must permit calls. */
    private final List<RunGuard> runGuards;

    private final CanaryCounters counters;
    private final CanarySpend reported;
    private final int limit;
    private final Semaphore permits;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /**
     * @param judge of the tasks
     * @param bestEffort for the calls of canaries; without a cache, because a measurement needs a real call
     * @param runGuards of the judges
     */
    public CanaryJudge(
            JudgingTaskHandler judge,
            Panel<HandlerContext> bestEffort,
            Canaries canaries,
            List<RunGuard> runGuards,
            MeterRegistry meters) {
        this.judge = judge;
        this.bestEffortJudge = new JudgingTaskHandler(bestEffort);
        this.canaries = canaries;
        this.excerpts = bestEffort.judgeOf(1).excerpts();
        this.runGuards = List.copyOf(runGuards);
        this.counters = new CanaryCounters(meters);
        this.reported = bestEffort.judgeOf(1).canaries();
        this.limit = Math.max(1, concurrency(bestEffort) / CALLS_PER_CANARY);
        this.permits = new Semaphore(limit);
    }

    private static int concurrency(Panel<HandlerContext> panel) {
        return panel.judges().stream()
                .mapToInt(judge -> judge.settings().concurrency())
                .min()
                .orElseThrow();
    }

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public Topic<JudgingTask> taskTopic() {
        return judge.taskTopic();
    }

    @Override
    public Topic<Verdict> resultTopic() {
        return judge.resultTopic();
    }

    /** A canary starts after the verdict of its task, so that it never delays the task. */
    @Override
    public Verdict handle(JudgingTask task, Parking parking) throws InterruptedException {
        Verdict verdict = judge.handle(task, parking);
        if (!stopped && runGuards.stream().allMatch(RunGuard::mayCall)) {
            canaries.canaryFor(task).ifPresent(canary -> startCanary(canary, task));
        }
        return verdict;
    }

    @Override
    public Verdict failed(JudgingTask task, String detail) {
        return judge.failed(task, detail);
    }

    private void startCanary(Canary canary, JudgingTask beside) {
        if (!permits.tryAcquire()) {
            reported.started(canary.id(), canary.expectation());
            count(canary, Canary.Outcome.UNDECIDED);
            return;
        }
        if (stopped) { // awaitIdle may be waiting for this permit
            permits.release();
            return;
        }
        reported.started(canary.id(), canary.expectation());
        Thread thread = Thread.ofVirtual().name("canary-" + canary.id()).unstarted(() -> judgeCanary(canary, beside));
        threads.add(thread);
        thread.start();
    }

    private void judgeCanary(Canary canary, JudgingTask beside) {
        Canary.Outcome outcome = Canary.Outcome.UNDECIDED;
        try {
            Prompt prompt = beside.getCandidate().getTask().getPrompt();
            String excerpt = excerpts.resolve(prompt.getSpecVersion(), canary.categories())
                    .excerpt()
                    .sha256();
            outcome = outcome(
                    canary,
                    bestEffortJudge.handle(
                            canary.toTask(beside, excerpt), runGuards.getFirst().parking()),
                    prompt.getRunParameters());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the worker stops; the canary stays undecided
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("canary", canary.id())
                    .addKeyValue("cause", String.valueOf(e))
                    .log("cannot judge canary");
        } finally {
            count(canary, outcome);
            threads.remove(Thread.currentThread());
            permits.release();
        }
    }

    private void count(Canary canary, Canary.Outcome outcome) {
        counters.count(canary.expected(), outcome);
        reported.ended(canary.id(), canary.expectation(), outcome.reported());
    }

    /** Applies the rule for samples: all votes requested, and none below the threshold. */
    private static Canary.Outcome outcome(Canary canary, Verdict verdict, RunParameters runParameters) {
        Optional<Vote> below = verdict.getVotes().stream()
                .filter(vote -> vote.getScore() < runParameters.getThreshold())
                .findFirst();
        if (below.isPresent()) {
            return Canary.Outcome.TURNED_AWAY;
        }
        if (verdict.getFailure() != null || verdict.getVotes().size() < runParameters.getVotes()) {
            return Canary.Outcome.UNDECIDED;
        }
        if (canary.expected() == Canary.Expected.TURN_AWAY) {
            Vote last = verdict.getVotes().getLast();
            log.atWarn()
                    .addKeyValue("canary", canary.id())
                    .addKeyValue(
                            "score",
                            verdict.getVotes().stream()
                                    .mapToDouble(Vote::getScore)
                                    .min()
                                    .orElse(0))
                    .addKeyValue("model", last.getModel())
                    .log("a known-bad canary was kept");
        }
        return Canary.Outcome.KEPT;
    }

    /** The results of all canaries so far, in one line; empty if there was none. */
    public Optional<String> summary() {
        return counters.summary();
    }

    /** Starts no more canaries. Calls in flight continue, because they are paid for. */
    public void stop() {
        stopped = true;
    }

    /**
     * Waits for the canaries in flight, and interrupts them after the deadline. Call {@link #stop} first.
     *
     * @param deadline of {@link System#nanoTime}
     */
    public void awaitIdle(long deadline) throws InterruptedException {
        boolean idle = permits.tryAcquire(limit, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        while (!idle) {
            threads.forEach(Thread::interrupt);
            idle = permits.tryAcquire(limit, INTERRUPT_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
        permits.release(limit);
    }
}

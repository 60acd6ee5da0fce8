package dev.precept.judging.canary;

import dev.precept.judging.Excerpts;
import dev.precept.judging.Role;
import dev.precept.judging.RunGuard;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.Topic;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A judge that is measured: once some of its tasks are judged, a canary is judged as they were, in a thread of its own
 * that no task waits for. No record is made of it. A worker that stops lets the calls that are under way end, for they
 * are paid.
 */
public final class CanaryJudge implements Role<JudgingTask, Verdict> {
    private static final Logger log = LoggerFactory.getLogger(CanaryJudge.class);
    private static final long INTERRUPT_INTERVAL_MILLIS = 100;

    private final Role<JudgingTask, Verdict> judge;
    private final Role<JudgingTask, Verdict> aside;
    private final Canaries canaries;
    private final Excerpts excerpts;
    private final RunGuard runGuard;
    private final CanaryCounters tally;
    private final int most;
    private final Semaphore permits;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param aside judges canaries: as the judge does, but gives up early and remembers nothing
     * @param most canaries at once; what comes while they all are under way is dropped
     */
    public CanaryJudge(
            Role<JudgingTask, Verdict> judge,
            Role<JudgingTask, Verdict> aside,
            Canaries canaries,
            Excerpts excerpts,
            RunGuard runGuard,
            CanaryCounters tally,
            int most) {
        this.judge = judge;
        this.aside = aside;
        this.canaries = canaries;
        this.excerpts = excerpts;
        this.runGuard = runGuard;
        this.tally = tally;
        this.most = most;
        this.permits = new Semaphore(most);
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

    /** The canary begins when the task has its verdict, so it never stands before it in a queue. */
    @Override
    public Verdict handle(JudgingTask task) throws InterruptedException {
        Verdict verdict = judge.handle(task);
        if (!closed && runGuard.mayCall()) {
            canaries.canaryFor(task).ifPresent(canary -> startCanary(canary, task));
        }
        return verdict;
    }

    private void startCanary(Canary canary, JudgingTask beside) {
        if (!permits.tryAcquire()) {
            tally.count(canary.expected(), Canary.Outcome.UNDECIDED);
            return;
        }
        if (closed) { // whoever waits for the places has them all by now, or waits for this one
            permits.release();
            return;
        }
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
            outcome = outcome(canary, aside.handle(canary.toTask(beside, excerpt)), prompt.getRunParameters());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the worker stops, and this is left undecided
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("canary", canary.id())
                    .addKeyValue("cause", String.valueOf(e))
                    .log("a canary cannot be judged");
        } finally {
            tally.count(canary.expected(), outcome);
            threads.remove(Thread.currentThread());
            permits.release();
        }
    }

    /** By the rule that decides on samples: every vote that was asked for, and none below the threshold. */
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

    @Override
    public Optional<String> aside() {
        return tally.summary();
    }

    @Override
    public void stopBackground() {
        closed = true;
    }

    /** Whoever has all places knows that no canary is under way. */
    @Override
    public void awaitBackground(long deadline) throws InterruptedException {
        boolean ended = permits.tryAcquire(most, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        while (!ended) {
            threads.forEach(Thread::interrupt);
            ended = permits.tryAcquire(most, INTERRUPT_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
        permits.release(most);
    }
}

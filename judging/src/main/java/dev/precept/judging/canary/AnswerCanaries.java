package dev.precept.judging.canary;

import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgedWork;
import dev.precept.judging.Panel;
import dev.precept.judging.RunGuard;
import dev.precept.judging.ScoreResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges canaries beside answers, without their reasoning, as {@link CanaryJudge} does beside the tasks of a run: with few
 * retries, without the store of votes, and never before the answer has its votes. Thread-safe.
 */
public final class AnswerCanaries {
    private static final Logger log = LoggerFactory.getLogger(AnswerCanaries.class);

    private final AnswerJudge judge;
    private final Canaries canaries;
    private final Excerpts excerpts;
    private final String specVersion;
    private final double threshold;
    private final Panel<RunGuard> guards;
    private final CanaryCounters counters;
    private final int most;
    private final Semaphore permits;
    /** Each canary is asked again with other seeds. */
    private final AtomicInteger round = new AtomicInteger();

    private volatile boolean stopped;

    /**
     * @param judge with best effort
     * @param specVersion of the specification that the canaries are judged by
     * @param threshold a canary with a vote below it is turned away
     * @param guards of the judges: all must permit calls
     * @param most that are judged at a time
     */
    public AnswerCanaries(
            AnswerJudge judge,
            Canaries canaries,
            Excerpts excerpts,
            String specVersion,
            double threshold,
            Panel<RunGuard> guards,
            int most,
            MeterRegistry meters) {
        this.judge = judge;
        this.canaries = canaries;
        this.excerpts = excerpts;
        this.specVersion = specVersion;
        this.threshold = threshold;
        this.guards = guards;
        this.counters = new CanaryCounters(meters);
        this.most = most;
        this.permits = new Semaphore(most);
    }

    /**
     * Starts the canary beside an answer, if there is one.
     *
     * @param name of the answer, which decides
     */
    public void judgeBeside(String name) {
        Optional<Canary> chosen = canaries.canaryFor(name);
        if (chosen.isEmpty() || stopped || !guards.judges().stream().allMatch(RunGuard::mayCall)) {
            return; // a canary that one judge cannot vote on would be paid for and stay undecided
        }
        Canary canary = chosen.get();
        if (!permits.tryAcquire()) {
            counters.count(canary.expected(), Canary.Outcome.UNDECIDED);
            return;
        }
        if (stopped) { // the stop may be waiting for this permit
            permits.release();
            return;
        }
        Thread.ofVirtual().name("canary-" + canary.id()).start(() -> {
            Canary.Outcome outcome = Canary.Outcome.UNDECIDED;
            try {
                outcome = outcome(canary);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the service stops; the canary stays undecided
            } catch (RuntimeException e) {
                log.atWarn()
                        .addKeyValue("canary", canary.id())
                        .addKeyValue("cause", String.valueOf(e))
                        .log("cannot judge canary");
            } finally {
                counters.count(canary.expected(), outcome);
                permits.release();
            }
        });
    }

    /** Starts no more canaries, and waits for those that are judged, for at most so long. */
    public void stop(Duration longest) throws InterruptedException {
        stopped = true;
        if (permits.tryAcquire(most, longest.toNanos(), TimeUnit.NANOSECONDS)) {
            permits.release(most);
        }
    }

    private Canary.Outcome outcome(Canary canary) throws InterruptedException {
        Excerpts.EncodedExcerpt excerpt = excerpts.resolve(specVersion, canary.categories());
        JudgedWork.AnswerOnly work = new JudgedWork.AnswerOnly(canary.conversation(), canary.answer(), null);
        int repeat = round.incrementAndGet();
        boolean complete = true;
        for (int vote = 1; vote <= judge.votes(); vote++) {
            switch (judge.vote(work, excerpt, vote, repeat, guards.judgeOf(vote).parking())) {
                case ScoreResult.Valid valid -> {
                    if (valid.vote().getScore() < threshold) {
                        return Canary.Outcome.TURNED_AWAY;
                    }
                }
                case ScoreResult.Failed _ -> complete = false;
            }
        }
        if (complete && canary.expected() == Canary.Expected.TURN_AWAY) {
            log.atWarn().addKeyValue("canary", canary.id()).log("a known-bad canary was kept");
        }
        return complete ? Canary.Outcome.KEPT : Canary.Outcome.UNDECIDED;
    }
}

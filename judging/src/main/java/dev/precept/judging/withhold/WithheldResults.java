package dev.precept.judging.withhold;

import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The results that are held back, and the decision about them: all are published, or none of them. Thread-safe.
 */
final class WithheldResults {
    private final FailureWindow window = new FailureWindow();
    private final Predicate<Reason> dependsOnContent;
    private final String remedy;
    private final long idleNanos;
    private @Nullable Failure latest;
    private int handling;
    private long lastResult = System.nanoTime();
    /** Counts the decisions to publish: a result waits for the next one. */
    private long published;

    private int held;
    private boolean controlling;
    private long nextControl = System.nanoTime();
    private @Nullable CommonFailureException stop;

    /** How a control task ended. */
    enum Control {
        FAILED_ALIKE,
        DIFFERENT,
        UNDECIDED
    }

    /**
     * @param dependsOnContent whether a control task says nothing about a reason
     * @param idle without a result for so long, no further tasks are expected
     */
    WithheldResults(Predicate<Reason> dependsOnContent, String remedy, Duration idle) {
        this.dependsOnContent = dependsOnContent;
        this.remedy = remedy;
        this.idleNanos = idle.toNanos();
    }

    /** Why the role stops; empty while it goes on. */
    synchronized Optional<CommonFailureException> stop() {
        return Optional.ofNullable(stop);
    }

    /** Results that wait for the decision. */
    synchronized int held() {
        return held;
    }

    /** A task is handled. */
    synchronized void begin() throws InterruptedException {
        requireRunning();
        handling++;
    }

    /** A task was left unfinished. */
    synchronized void abandon() {
        handling--;
    }

    /**
     * Records the result of a task.
     *
     * @param failure null if it did not fail for its request
     * @return the number of the decision that the result waits for; negative if it may be published
     */
    synchronized long record(@Nullable Failure failure) throws InterruptedException {
        handling--;
        lastResult = System.nanoTime();
        requireRunning();
        window.add(failure == null ? null : failure.getReason());
        Optional<Reason> common = window.common();
        if (common.isEmpty()) {
            publishAll();
        }
        if (failure == null || !common.equals(Optional.of(failure.getReason()))) {
            return -1;
        }
        latest = failure;
        if (window.isConclusive(failure.getReason()) && dependsOnContent.test(failure.getReason())) {
            conclude(failure, "");
            requireRunning();
        }
        notifyAll();
        return published;
    }

    /**
     * Waits for the decision.
     *
     * @return false if the caller is to run a control task, and to wait again
     * @throws InterruptedException if the result is not to be published, or the worker stops
     */
    synchronized boolean await(long decision) throws InterruptedException {
        held++;
        try {
            return awaitDecision(decision);
        } finally {
            held--;
        }
    }

    private boolean awaitDecision(long decision) throws InterruptedException {
        while (true) {
            requireRunning();
            if (published > decision) {
                return true;
            }
            long idle = System.nanoTime() - lastResult;
            boolean noMore = handling == 0 && idle >= idleNanos;
            long untilControl = nextControl - System.nanoTime();
            if (!controlling && untilControl <= 0 && (noMore || window.isConclusive(latest().getReason()))) {
                controlling = true;
                return false;
            }
            long left = Math.max(untilControl, controlling || handling > 0 ? idleNanos : idleNanos - idle);
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
        }
    }

    /** The failure that the held results have in common. */
    synchronized Failure latest() {
        if (latest == null) {
            throw new IllegalStateException("no result is held");
        }
        return latest;
    }

    /** Records how a control task ended. */
    synchronized void controlled(Control control) {
        controlling = false;
        switch (control) {
            case FAILED_ALIKE -> conclude(latest(), ", and so did a harmless prompt");
            case DIFFERENT -> {
                window.clear();
                publishAll();
            }
            case UNDECIDED -> {
                nextControl = System.nanoTime() + idleNanos;
                notifyAll();
            }
        }
    }

    private void publishAll() {
        published++;
        notifyAll();
    }

    private void conclude(Failure failure, String control) {
        stop = new CommonFailureException(
                window.count(failure.getReason()) + " of the last " + window.size() + " attempts ended as "
                        + failure.getReason() + control + ": " + failure.getDetail()
                        + ". The results held back are not published and their slots are open; change " + remedy
                        + ", and run the same command again");
        notifyAll();
    }

    private void requireRunning() throws InterruptedException {
        if (stop != null) {
            throw new InterruptedException("the role stops: its attempts fail alike");
        }
    }
}

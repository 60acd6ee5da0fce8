package dev.precept.runtime;

import dev.precept.config.ConfigurationException;
import dev.precept.runtime.metrics.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one app in a process under an orchestrator: waits for its prerequisites, runs it, drains it on a signal, and reports
 * its health.
 */
public final class RoleRunner implements Health {
    private static final Logger log = LoggerFactory.getLogger(RoleRunner.class);
    private static final Duration PREREQUISITE_POLL_INTERVAL = Duration.ofSeconds(2);
    private static final Duration APP_POLL_INTERVAL = Duration.ofMillis(200);
    /** Kafka's default of {@code max.poll.interval.ms}; repeated uploads stay below it. */
    private static final Duration STALL_TIMEOUT = Duration.ofMinutes(5);

    private final String role;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ExitCode code = ExitCode.WORK_LEFT;
    private volatile String waiting = "starting";
    private final Optional<Duration> grace;
    private volatile boolean waitingForPrerequisites = true;
    private volatile @Nullable App app;

    private RoleRunner(String role, Optional<Duration> grace) {
        this.role = role;
        this.grace = grace;
    }

    /** Runs an app until the process is stopped. */
    public static RoleRunner untilStopped(String role) {
        return new RoleRunner(role, Optional.empty());
    }

    /**
     * Runs an app that finishes, as a job does. After a signal it continues for the grace period; if it has not finished
     * by then, the exit code is {@link ExitCode#WORK_LEFT}, so that the orchestrator does not count the job as complete.
     *
     * @param grace how long the app may continue after a signal
     */
    public static RoleRunner untilDone(String role, Duration grace) {
        return new RoleRunner(role, Optional.of(grace));
    }

    /** Conditions that must hold before the app is created. */
    public interface Prerequisites {
        /** The first unmet condition, in one line with its remedy. */
        Optional<String> missing() throws InterruptedException;
    }

    /** Creates the app once all prerequisites hold. */
    public interface AppFactory {
        App create() throws InterruptedException;
    }

    /**
     * Runs until the app finishes or fails, or the process is stopped; then drains the app.
     *
     * @return {@link ExitCode#RELEASED} if it finished or was drained, {@link ExitCode#WORK_LEFT} if it failed or was
     *     stopped before it finished, {@link ExitCode#MISCONFIGURED} if it failed with a {@link ConfigurationException}
     */
    public ExitCode run(Prerequisites prerequisites, AppFactory appFactory) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "drain"));
        try {
            code = awaitPrerequisites(prerequisites) ? runApp(appFactory.create()) : exitCode(false);
            return code;
        } finally {
            ended.countDown();
        }
    }

    /** On a signal: waits for the main thread to drain the app, then halts with its exit code. */
    private void drain() {
        stopRequested.countDown();
        try {
            if (waitingForPrerequisites) {
                code = exitCode(false); // no work was started, and a request may take long to time out
            } else {
                ended.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code.code());
    }

    private boolean awaitPrerequisites(Prerequisites prerequisites) throws InterruptedException {
        String lastLogged = "";
        do {
            Optional<String> missing = prerequisites.missing();
            if (missing.isEmpty()) {
                waiting = "starting";
                waitingForPrerequisites = false;
                return true;
            }
            waiting = missing.get();
            if (!waiting.equals(lastLogged)) {
                lastLogged = waiting;
                log.atWarn()
                        .addKeyValue("role", role)
                        .addKeyValue("for", lastLogged)
                        .log("waiting");
            }
        } while (!stopRequested.await(PREREQUISITE_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        return false;
    }

    private ExitCode runApp(App running) throws InterruptedException {
        app = running;
        running.start();
        log.atInfo().addKeyValue("role", role).log("role started");
        String lastLogged = "";
        ClockWatch clock = new ClockWatch();
        Optional<? extends Throwable> stepped = clock.failure();
        while (!stopRequested.await(APP_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                && stepped.isEmpty()
                && running.failure().isEmpty()
                && !running.isFinished()) {
            stepped = clock.failure();
            String now = running.readinessProblem().orElse("");
            if (!now.equals(lastLogged)) {
                lastLogged = now;
                log.atWarn()
                        .addKeyValue("role", role)
                        .addKeyValue("for", now.isEmpty() ? "nothing" : now)
                        .log("waiting");
            }
        }
        long drainStart = System.nanoTime();
        if (grace.isPresent() && stepped.isEmpty()) {
            awaitEnd(running, drainStart + grace.get().toNanos());
        }
        running.close();
        log.atInfo()
                .addKeyValue("role", role)
                .addKeyValue(
                        "ms", Duration.ofNanos(System.nanoTime() - drainStart).toMillis())
                .log("role drained");
        Optional<? extends Throwable> failed = running.failure().isPresent() ? running.failure() : stepped;
        if (failed.isEmpty()) {
            return exitCode(running.isFinished());
        }
        Throwable failure = failed.get();
        log.atError().setCause(failure).addKeyValue("role", role).log("role failed");
        System.err.println(role + " failed: " + failure.getMessage());
        return failure instanceof ConfigurationException ? ExitCode.MISCONFIGURED : ExitCode.WORK_LEFT;
    }

    private static void awaitEnd(App running, long deadline) throws InterruptedException {
        while (!running.isFinished() && running.failure().isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(APP_POLL_INTERVAL);
        }
    }

    private ExitCode exitCode(boolean finished) {
        if (grace.isEmpty() || finished) {
            return ExitCode.RELEASED;
        }
        System.err.println(role + ": stopped before all work was done; restart it to continue");
        return ExitCode.WORK_LEFT;
    }

    @Override
    public Optional<String> livenessProblem() {
        App current = app;
        if (current == null || current.timeSinceLastPoll().compareTo(STALL_TIMEOUT) < 0) {
            return Optional.empty();
        }
        return Optional.of("the loop of the " + role + " has made no progress for "
                + current.timeSinceLastPoll().toSeconds() + " s");
    }

    @Override
    public Optional<String> readinessProblem() {
        App current = app;
        if (current == null) {
            return Optional.of(waiting);
        }
        return current.failure()
                .map(failure -> "failed: " + failure.getMessage())
                .or(current::startupProblem)
                .or(current::readinessProblem);
    }
}

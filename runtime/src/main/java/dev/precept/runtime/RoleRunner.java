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
 * The life of a process that runs one app for somebody who starts and stops processes: it waits until the app has what it
 * needs, lets it work, drains it on a signal, and says at every moment how it is.
 */
public final class RoleRunner implements Health {
    private static final Logger log = LoggerFactory.getLogger(RoleRunner.class);
    private static final Duration PREREQUISITE_POLL_INTERVAL = Duration.ofSeconds(2);
    private static final Duration APP_POLL_INTERVAL = Duration.ofMillis(200);
    /** As long as Kafka waits for a poll; an upload that is tried again and again is within it. */
    private static final Duration STALLED = Duration.ofMinutes(5);

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

    /** Of a process that works until it is told to stop. */
    public static RoleRunner untilStopped(String role) {
        return new RoleRunner(role, Optional.empty());
    }

    /**
     * Of a process that has done its work some day. If it is told to stop before, it goes on for the grace, and if that
     * was not enough it ends with {@link ExitCode#WORK_LEFT}: whoever counts such processes would take another code for
     * the work being done.
     *
     * @param grace how long it may go on after a signal
     */
    public static RoleRunner untilDone(String role, Duration grace) {
        return new RoleRunner(role, Optional.of(grace));
    }

    /** What has to be there before an app can be made. */
    public interface Prerequisites {
        /** What is missing, in one line with what to do; empty once all is there. */
        Optional<String> missing() throws InterruptedException;
    }

    /** Makes the app, once all that it needs is there. */
    public interface AppFactory {
        App create() throws InterruptedException;
    }

    /**
     * Lives until the app has done its work, fails, or the process is told to stop; then it is drained.
     *
     * @return {@link ExitCode#RELEASED} if it finished or was drained, {@link ExitCode#WORK_LEFT} if it failed, or was told
     *     to stop before its end, {@link ExitCode#MISCONFIGURED} if what it failed of is wrong configuration
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

    /** On a signal: the app is drained by the thread that runs it, and the process ends with what that came to. */
    private void drain() {
        stopRequested.countDown();
        try {
            if (waitingForPrerequisites) {
                code = exitCode(false); // nothing was begun, and an answer may be long in coming
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
        String said = "";
        do {
            Optional<String> missing = prerequisites.missing();
            if (missing.isEmpty()) {
                waiting = "starting";
                waitingForPrerequisites = false;
                return true;
            }
            waiting = missing.get();
            if (!waiting.equals(said)) {
                said = waiting;
                log.atWarn().addKeyValue("role", role).addKeyValue("for", said).log("waiting");
            }
        } while (!stopRequested.await(PREREQUISITE_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        return false;
    }

    private ExitCode runApp(App begun) throws InterruptedException {
        app = begun;
        begun.start();
        log.atInfo().addKeyValue("role", role).log("begun");
        String said = "";
        while (!stopRequested.await(APP_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                && begun.failure().isEmpty()
                && !begun.isFinished()) {
            String now = begun.readinessProblem().orElse("");
            if (!now.equals(said)) {
                said = now;
                log.atWarn()
                        .addKeyValue("role", role)
                        .addKeyValue("for", now.isEmpty() ? "nothing any more" : now)
                        .log("waiting");
            }
        }
        long began = System.nanoTime();
        if (grace.isPresent()) {
            awaitEnd(begun, began + grace.get().toNanos());
        }
        begun.close();
        log.atInfo()
                .addKeyValue("role", role)
                .addKeyValue("ms", Duration.ofNanos(System.nanoTime() - began).toMillis())
                .log("drained");
        if (begun.failure().isEmpty()) {
            return exitCode(begun.isFinished());
        }
        Throwable failure = begun.failure().get();
        log.atError().setCause(failure).addKeyValue("role", role).log("cannot go on");
        System.err.println(role + " cannot go on: " + failure.getMessage());
        return failure instanceof ConfigurationException ? ExitCode.MISCONFIGURED : ExitCode.WORK_LEFT;
    }

    private static void awaitEnd(App begun, long deadline) throws InterruptedException {
        while (!begun.isFinished() && begun.failure().isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(APP_POLL_INTERVAL);
        }
    }

    private ExitCode exitCode(boolean finished) {
        if (grace.isEmpty() || finished) {
            return ExitCode.RELEASED;
        }
        System.err.println(role + ": told to stop before all was done; started again, it goes on from there");
        return ExitCode.WORK_LEFT;
    }

    @Override
    public Optional<String> livenessProblem() {
        App living = app;
        if (living == null || living.timeSinceLastPoll().compareTo(STALLED) < 0) {
            return Optional.empty();
        }
        return Optional.of("the loop of the " + role + " has not turned for "
                + living.timeSinceLastPoll().toSeconds() + " s");
    }

    @Override
    public Optional<String> readinessProblem() {
        App living = app;
        if (living == null) {
            return Optional.of(waiting);
        }
        return living.failure()
                .map(failure -> "cannot go on: " + failure.getMessage())
                .or(living::startupProblem)
                .or(living::readinessProblem);
    }

    @Override
    public Optional<String> startupProblem() {
        App living = app;
        return living == null ? Optional.of(waiting) : living.startupProblem();
    }
}

package dev.precept.console.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.EventStream;
import dev.precept.records.Run;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunControl;
import dev.precept.runs.RunStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status of a run for all browsers: one reader follows it while at least one of them listens. A run that no process is
 * running is read once: its Kafka has to be started for that, and must not be in the way of {@code precept run}. Thread-safe.
 */
final class LiveRun {
    private static final Logger log = LoggerFactory.getLogger(LiveRun.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final RunConnection run;
    private final EndpointMetrics metrics;
    private final StoppedStatus resting;
    /** While the Kafka of a stopped run is started here, the run looks as if a process were running it. */
    private final ReentrantLock reading = new ReentrantLock();

    private int listeners;
    private boolean following;
    private long version;
    private @Nullable ObjectNode newest;
    /** Why there is no newer one. */
    private @Nullable String problem;

    /** @param rest a status of a stopped run that is older is read again when the page is opened */
    LiveRun(RunConnection run, EndpointMetrics metrics, Duration rest) {
        this.run = run;
        this.metrics = metrics;
        this.resting = new StoppedStatus(rest);
    }

    /** The status now. */
    ObjectNode current() throws InterruptedException {
        reading.lockInterruptibly();
        try {
            if (run.isStopped()) {
                boolean _ = resting.forgetOld();
                ObjectNode known = known();
                return known == null ? resting.set(described(RunStatus.read(run))) : known;
            }
        } finally {
            reading.unlock();
        }
        return described(RunStatus.read(run));
    }

    /**
     * Changes the run as its commands do.
     *
     * @return whether no process is running it
     * @throws dev.precept.config.ConfigurationException if it cannot be changed
     */
    boolean change(UnaryOperator<Run> edit) throws InterruptedException {
        reading.lockInterruptibly();
        try {
            boolean stopped = run.isStopped();
            RunControl.apply(run, edit);
            return stopped;
        } finally {
            resting.forget();
            reading.unlock();
        }
    }

    private @Nullable ObjectNode known() throws InterruptedException {
        return resting.get(run.finalProgress().isPresent());
    }

    /** Sends each change of the status, and why there is none, until the browser goes away. */
    void follow(EventStream events) throws IOException, InterruptedException {
        listen();
        try {
            long seen = 0;
            @Nullable ObjectNode sent = null;
            @Nullable String told = null;
            while (true) {
                Update update = await(seen);
                ObjectNode status = update.status;
                if (update.problem != null && !update.problem.equals(told)) {
                    events.send("problem", JSON.createObjectNode().put("text", update.problem));
                } else if (status != null
                        && update.version > seen
                        && update.problem == null
                        && (told != null || !isSame(status, sent))) { // the same ends what was told
                    events.send("run", status);
                    sent = status;
                } else {
                    events.keepAlive(); // which finds that the browser has gone away
                }
                told = update.problem;
                seen = update.version;
            }
        } finally {
            leave();
        }
    }

    private record Update(
            long version,
            @Nullable ObjectNode status,
            @Nullable String problem) {}

    private synchronized void listen() {
        listeners++;
        if (resting.forgetOld() || !following) { // of a time when no browser listened
            newest = null;
            problem = null;
        }
        if (!following) {
            following = true;
            Thread.ofVirtual().name("console-run").start(this::loop);
        }
    }

    private synchronized void leave() {
        listeners--;
        notifyAll();
    }

    private synchronized Update await(long seen) throws InterruptedException {
        long end = System.nanoTime() + HEARTBEAT.toNanos();
        for (long left = HEARTBEAT.toNanos(); version <= seen && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return new Update(version, newest, problem);
    }

    /** The time that has passed is no change. */
    private static boolean isSame(ObjectNode status, @Nullable ObjectNode sent) {
        return sent != null
                && status.deepCopy()
                        .without("elapsed_seconds")
                        .equals(sent.deepCopy().without("elapsed_seconds"));
    }

    private void loop() {
        try {
            while (isWanted()) {
                try {
                    readOn();
                } catch (RuntimeException e) {
                    fail(e);
                    log.atWarn().setCause(e).log("cannot read the run; the console keeps its last status");
                }
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.atDebug().log("interrupted to stop");
        }
    }

    private void readOn() throws InterruptedException {
        reading.lockInterruptibly();
        try {
            if (run.isStopped()) {
                ObjectNode known = known();
                publishStopped(known == null ? resting.set(described(RunStatus.read(run))) : known);
                return;
            }
        } finally {
            reading.unlock();
        }
        resting.forget();
        RunStatus.follow(run, INTERVAL, this::publish);
    }

    private synchronized void publishStopped(ObjectNode status) {
        if (problem != null || !status.equals(newest)) {
            publish(status);
        }
    }

    /** Returns whether a browser waits for the next one. */
    private boolean publish(RunStatus status) {
        try {
            publish(described(status));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        synchronized (this) {
            return listeners > 0;
        }
    }

    private synchronized void fail(RuntimeException e) {
        problem = String.valueOf(e.getMessage());
        version++;
        notifyAll();
    }

    private synchronized void publish(ObjectNode status) {
        newest = status;
        problem = null;
        version++;
        notifyAll();
    }

    /** Ends the following once there is no browser. */
    private synchronized boolean isWanted() {
        following = listeners > 0;
        return following;
    }

    private ObjectNode described(RunStatus status) throws InterruptedException {
        ObjectNode json = status.toJson();
        json.set("endpoints", json.path("activity").asText().equals("stopped") ? null : metrics.read(json));
        ArrayNode actions = json.putArray("actions");
        boolean controlled =
                json.hasNonNull("paused") && !json.path("cancelled").asBoolean();
        if (controlled && json.path("state").asText().equals("open")) {
            actions.add(json.path("paused").asBoolean() ? "resume" : "pause").add("cancel");
        }
        return json;
    }
}

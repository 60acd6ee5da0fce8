package dev.precept.cli.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.cli.command.CommandResult;
import dev.precept.cli.nemesis.Schedule.Step;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** Executes a schedule of faults on a site, waits until the run is complete, releases it, and checks every row. */
final class Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A fault does not wait longer for work to go on: the one before may have stopped everything. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(12);

    /** Until every process is up for the first time. */
    private static final Duration FIRST_WAIT = Duration.ofMinutes(2);

    private final Site site;
    private final Workload workload;
    private final Duration patience;
    private final DelayQueue<Due> due = new DelayQueue<>();
    private final List<Member> killed = new ArrayList<>();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    /** @param patience for the run to complete after the last fault */
    Scenario(Site site, Workload workload, Duration patience) {
        this.site = site;
        this.workload = workload;
        this.patience = patience;
    }

    /** An action that may fail. */
    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    private record Due(long nanos, Action action) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** Runs everything; the outcome names what is wrong, also where the run does not complete. */
    Outcome run(Schedule schedule, long seed) throws IOException, InterruptedException {
        long began = System.nanoTime();
        site.start();
        if (!schedule.early()) {
            awaitAnswers(1, FIRST_WAIT);
        }
        for (int step = 0; step < schedule.steps().size(); step++) {
            if (schedule.busy()) {
                site.model().hurry();
            } else { // the work lasts until the last fault
                site.model()
                        .pace(workload.calls() * (step + 1) / (schedule.steps().size() + 1));
            }
            Step next = schedule.steps().get(step);
            awaitAnswers(next.answers(), MAX_WAIT);
            if (execute(next)) {
                done.merge(next.fault(), 1, Integer::sum);
            }
        }
        while (!due.isEmpty()) {
            tick();
        }
        long healed = System.nanoTime();
        site.heal();
        site.model().calm();
        List<String> problems = new ArrayList<>();
        while (!site.isComplete()) {
            if (System.nanoTime() - healed > patience.toNanos()) {
                problems.add("the run is not complete " + patience.toSeconds() + " s after the last fault");
                site.running().forEach(Member::dumpThreads);
                awaitAnswers(1, MAX_WAIT); // the dumps take a moment
                break;
            }
            for (int tick = 0; tick < 10; tick++) {
                tick();
            }
        }
        long recovery = System.nanoTime() - healed;
        if (problems.isEmpty()) {
            problems.addAll(progressProblems());
            problems.addAll(releaseProblems());
        }
        ExpectedRows rows = ExpectedRows.compare(workload, site.dataset());
        problems.addAll(rows.problems());
        site.model().foreign().forEach(what -> problems.add("a judge was shown another completion of " + what));
        return new Outcome(
                seed,
                schedule.kills(),
                Map.copyOf(done),
                rows.samples(),
                rows.lost(),
                rows.doubled(),
                site.model().calls(),
                site.model().answeredAgain(),
                site.ownEnds(),
                TimeUnit.NANOSECONDS.toMillis(recovery),
                site.model().longestSilenceMillis(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                List.copyOf(problems));
    }

    private void awaitAnswers(int more, Duration atMost) throws IOException, InterruptedException {
        int enough = site.model().answered() + more;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (site.model().answered() < enough && System.nanoTime() - deadline < 0) {
            tick();
        }
    }

    /** Waits for up to 50 ms, and does what is due. */
    private void tick() throws IOException, InterruptedException {
        Due next = due.poll(50, TimeUnit.MILLISECONDS);
        if (next != null) {
            next.action().run();
        }
        site.supervise(killed);
    }

    private void later(long millis, Action action) {
        due.add(new Due(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), action));
    }

    /** @return false if the fault cannot be done now, or on this machine */
    private boolean execute(Step step) throws IOException, InterruptedException {
        Member member = choose(step);
        switch (step.fault()) {
            case KILL, KILL_AND_WIPE -> {
                member.kill();
                killed.add(member);
                if (step.fault() == Fault.KILL_AND_WIPE) {
                    member.wipe();
                }
                later(step.millis(), () -> {
                    killed.remove(member);
                    member.start();
                });
            }
            case KILL_NODE -> {
                if (!site.node().jvm().isAlive()) {
                    return false;
                }
                site.node().jvm().kill();
                later(step.millis(), site.node()::restart);
            }
            case SUSPEND -> {
                member.suspend();
                later(step.millis(), member::resume);
            }
            case SUSPEND_NODE -> {
                Jvm node = site.node().jvm();
                node.suspend();
                later(step.millis(), node::resume);
            }
            case TERMINATE -> member.terminate(); // supervise starts it again
            case CUT -> {
                member.link().cut();
                later(step.millis(), member.link()::heal);
            }
            case FREEZE -> {
                member.link().freeze();
                later(step.millis(), member.link()::heal);
            }
            case SCALE -> scale(step);
            case MODEL_OFF -> {
                site.model().shutOff(true);
                later(step.millis(), () -> site.model().shutOff(false));
            }
            case MODEL_CUT -> {
                site.modelLink().cut();
                later(step.millis(), site.modelLink()::heal);
            }
            case STORE_OFF -> {
                if (!site.isInBucket()) {
                    return false;
                }
                site.storeOff(true);
                later(step.millis(), () -> site.storeOff(false));
            }
            case REGISTRY_CUT -> {
                site.registryLink().cut();
                later(step.millis(), site.registryLink()::heal);
            }
            case FULL_DISK -> {
                Member writer = site.member(step.draw() % 2 == 0 ? "sink-0" : "streams-0");
                if (writer.disk().isEmpty()) {
                    return false;
                }
                writer.disk().get().fill();
                later(step.millis(), writer.disk().get()::clear);
            }
            case CLOCK -> {
                if (member.clock().isEmpty()) {
                    return false;
                }
                member.clock().get().jump(hour(step));
                later(step.millis(), () -> member.clock().get().jump(Duration.ZERO));
            }
            case NODE_CLOCK -> {
                if (site.node().clock().isEmpty()) {
                    return false;
                }
                Duration difference = hour(step);
                site.node().clock().get().jump(difference);
                later(step.millis(), () -> {
                    site.node().clock().orElseThrow().jump(Duration.ZERO);
                    if (difference.isPositive() && site.node().jvm().isAlive()) {
                        site.node().jvm().kill(); // Kafka's controller does nothing until its clock is there again
                        site.node().restart();
                    }
                });
            }
            case REPLAY -> {
                return Records.replay(site);
            }
            case FORGE -> {
                return Records.forge(site);
            }
        }
        return true;
    }

    private static Duration hour(Step step) {
        return Duration.ofHours(step.draw() % 2 == 0 ? 1 : -1);
    }

    /** A running member of the role; while prompts are published, now and then their publisher. */
    private Member choose(Step step) {
        Member publisher = site.member("prompts-0");
        if (publisher.isWanted() && step.draw() % 3 == 0) {
            return publisher;
        }
        Member second = site.member(Member.name(step.role(), 1));
        return second.isWanted() && step.draw() % 2 == 0 ? second : site.member(Member.name(step.role(), 0));
    }

    private void scale(Step step) {
        Member second = site.member(Member.name(step.role(), 1));
        if (!second.isWanted()) {
            second.start();
        } else {
            second.want(false);
            if (step.draw() % 2 == 0) {
                second.kill();
            } else {
                second.terminate();
            }
        }
    }

    private List<String> progressProblems() throws IOException {
        CommandResult status =
                CommandResult.run("status", "--recipe", site.recipe().toString(), "--json");
        if (status.code() != 0) {
            return List.of("status ends with " + status.code() + ": " + status.err());
        }
        JsonNode progress = JSON.readTree(status.out());
        long rejected = 0;
        for (JsonNode count : progress.path("rejected")) {
            rejected += count.asLong();
        }
        List<String> problems = new ArrayList<>();
        equal(problems, "slots", progress.path("slots").asLong(), workload.lines());
        equal(problems, "accepted", progress.path("accepted").asLong(), ExpectedRows.samples(workload));
        equal(
                problems,
                "rejected and invalid",
                rejected + progress.path("invalid").asLong(),
                workload.lines() - ExpectedRows.samples(workload));
        equal(problems, "in flight", progress.path("in_flight").asLong(), 0);
        return problems;
    }

    private List<String> releaseProblems() {
        List<String> problems = new ArrayList<>();
        String dataset = site.dataset().toString();
        CommandResult release = CommandResult.run(
                "release",
                "--dataset",
                dataset,
                "--as",
                "v1",
                "--views",
                "sft,raw",
                "--neardup-prompts",
                "off",
                "--neardup-samples",
                "off");
        if (release.code() != 0) {
            return List.of("release ends with " + release.code() + ": " + release.out() + release.err());
        }
        CommandResult verify = CommandResult.run("verify", dataset + "@v1");
        if (verify.code() != 0) {
            problems.add("verify ends with " + verify.code() + ": " + verify.out() + verify.err());
        }
        equal(
                problems,
                "released samples",
                new Oracle(site.dataset()).releasedSamples("v1", "sft").size(),
                ExpectedRows.samples(workload));
        return problems;
    }

    private static void equal(List<String> problems, String what, long actual, long expected) {
        if (actual != expected) {
            problems.add(what + ": " + actual + ", expected " + expected);
        }
    }
}

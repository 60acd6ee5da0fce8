package dev.precept.cli.nemesis;

import dev.precept.testkit.JumpingClock;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.NetworkLink;
import dev.precept.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of a role, as a pod: what it writes to its folder outlives it. The
 * {@link Site} starts it again when it ends, as an orchestrator does.
 */
final class Member implements AutoCloseable {
    /** Options of short-lived processes that share few cores. */
    static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final String role;
    private final int ordinal;
    private final Path folder;
    private final Path recipe;
    private final Path secret;
    private final NetworkLink link;
    private final Optional<JumpingClock> clock;
    private final Optional<SmallDisk> disk;
    private final List<Path> replaced;
    private final Map<String, String> environment;
    private boolean wanted;
    private boolean suspended;
    private int starts;
    private @Nullable Jvm jvm;

    /** @param replaced folders of classes that stand in for those of the product */
    Member(
            String role,
            int ordinal,
            Path folder,
            Path recipe,
            Path secret,
            NetworkLink link,
            Optional<JumpingClock> clock,
            Optional<SmallDisk> disk,
            List<Path> replaced,
            Map<String, String> environment) {
        this.role = role;
        this.ordinal = ordinal;
        this.folder = folder;
        this.recipe = recipe;
        this.secret = secret;
        this.link = link;
        this.clock = clock;
        this.disk = disk;
        this.replaced = List.copyOf(replaced);
        this.environment = Map.copyOf(environment);
    }

    static String name(String role, int ordinal) {
        return role + "-" + ordinal;
    }

    String name() {
        return name(role, ordinal);
    }

    String role() {
        return role;
    }

    NetworkLink link() {
        return link;
    }

    Optional<JumpingClock> clock() {
        return clock;
    }

    Optional<SmallDisk> disk() {
        return disk;
    }

    /** Whether the process is to be running: an orchestrator starts it again when it ends. */
    boolean isWanted() {
        return wanted;
    }

    void want(boolean running) {
        wanted = running;
    }

    boolean isAlive() {
        return jvm != null && jvm.isAlive();
    }

    boolean isSuspended() {
        return suspended;
    }

    /** The exit code of the last process; empty while it runs or if there was none. */
    Optional<Integer> exitCode() {
        return jvm == null || jvm.isAlive() ? Optional.empty() : Optional.of(jvm.awaitExit(Duration.ZERO));
    }

    /** Does nothing while it runs: of two faults that both start it again, the first did. */
    void start() {
        if (isAlive()) {
            return;
        }
        starts++;
        Map<String, String> all = new HashMap<>(environment);
        all.put("PRECEPT_NONCE_SECRET_FILE", secret.toString());
        all.put("JDK_JAVA_OPTIONS", QUICK_START);
        boolean hasOrdinal = role.equals("streams") || role.equals("sink");
        all.put(hasOrdinal ? "PRECEPT_ORDINAL" : "POD_NAME", hasOrdinal ? String.valueOf(ordinal) : name());
        clock.ifPresent(moved -> all.putAll(moved.environment()));
        Jvm.Launch launch = new Jvm.Launch(
                "dev.precept.cli.command.Precept",
                List.of("worker", role, "--recipe", recipe.toString(), "--state", state().toString()),
                "256m",
                all,
                folder);
        jvm = Jvm.start(launch, folder.resolve("output-" + starts + ".txt"), replaced);
        suspended = false;
        wanted = true;
    }

    /** On the small disk, if the member has one. */
    private Path state() {
        return disk.map(SmallDisk::root).orElse(folder).resolve("state");
    }

    void kill() {
        if (jvm != null) {
            jvm.close();
        }
        suspended = false;
    }

    /** Lets the process write the stacks of its threads to its output. */
    void dumpThreads() {
        if (isAlive() && !suspended && jvm != null) {
            jvm.dumpThreads();
        }
    }

    void terminate() {
        if (jvm != null) {
            resume();
            jvm.terminate();
        }
    }

    void suspend() {
        if (jvm != null) {
            jvm.suspend();
            suspended = true;
        }
    }

    void resume() {
        if (jvm != null && suspended) {
            jvm.resume();
            suspended = false;
        }
    }

    /** Deletes what the member wrote, as if it came back on another machine. */
    void wipe() throws IOException {
        if (!Files.exists(state())) {
            return;
        }
        try (Stream<Path> files = Files.walk(state())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The output of all its processes. */
    String output() throws IOException {
        List<String> all = new ArrayList<>();
        for (int start = 1; start <= starts; start++) {
            all.add(Files.readString(folder.resolve("output-" + start + ".txt")));
        }
        return String.join("\n", all);
    }

    @Override
    public void close() {
        kill();
        disk.ifPresent(SmallDisk::close);
    }
}

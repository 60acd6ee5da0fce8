package dev.precept.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A child JVM on the class path of this one, which a test can kill. Its output goes to a file. Closing kills it if it is
 * still running; no other process is affected.
 */
public final class Jvm implements AutoCloseable {
    private static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /** Children that run: none outlives a build that is stopped. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "children"));
    }

    private final Process process;
    private final Path output;

    private Jvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * The command of a child.
     *
     * @param mainClass binary name of the main class
     * @param heap the value of {@code -Xmx}, such as {@code 256m}
     * @param environment added to this process's environment
     * @param folder the child's working directory
     */
    public record Launch(
            String mainClass, List<String> arguments, String heap, Map<String, String> environment, Path folder) {
        public Launch(Class<?> main, String... arguments) {
            this(
                    main.getName(),
                    List.of(arguments),
                    "256m",
                    Map.of(),
                    Path.of("").toAbsolutePath());
        }

        public Launch withHeap(String other) {
            return new Launch(mainClass, arguments, other, environment, folder);
        }

        public Launch withEnvironment(Map<String, String> other) {
            return new Launch(mainClass, arguments, heap, other, folder);
        }

        public Launch in(Path other) {
            return new Launch(mainClass, arguments, heap, environment, other);
        }
    }

    /** Starts a child. Its standard output and error are appended to the output file. */
    public static Jvm start(Launch launch, Path output) {
        return start(launch, output, List.of());
    }

    /**
     * As {@link #start(Launch, Path)}, with other classes in place of some of the class path.
     *
     * @param first folders of classes that precede the class path
     */
    public static Jvm start(Launch launch, Path output, List<Path> first) {
        StringBuilder classPath = new StringBuilder();
        first.forEach(folder -> classPath.append(folder).append(File.pathSeparator));
        classPath.append(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + launch.heap());
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(classPath.toString());
        command.add(launch.mainClass());
        command.addAll(launch.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(launch.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(launch.environment());
        try {
            Process process = builder.start();
            RUNNING.add(process);
            var _ = process.onExit().thenRun(() -> RUNNING.remove(process));
            return new Jvm(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + launch.mainClass(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the child as a crash would: no shutdown hook runs. Returns when it has exited. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** Stops the child without its notice (SIGSTOP): it holds its connections and answers nothing. Returns immediately. */
    public void suspend() {
        signal("STOP");
    }

    /** Lets a suspended child go on (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    /** Sends SIGINT, as Ctrl-C of a terminal does. Returns immediately. */
    public void interrupt() {
        signal("INT");
    }

    /** Lets a child write the stacks of its threads to its output (SIGQUIT). Returns immediately. */
    public void dumpThreads() {
        signal("QUIT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + name + " to process " + pid(), e);
        }
    }

    /** Sends SIGTERM, as an orchestrator does: shutdown hooks run. Returns immediately. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the exit code. Fails with the child's output on timeout. */
    public int awaitExit(Duration timeout) {
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("process " + pid() + " did not exit within " + timeout + "; its output:\n" + output());
    }

    /** Waits until the child has printed a text. Fails if it exits first, or on timeout. */
    public void awaitOutput(String text, Duration timeout) {
        Awaitility.await("process " + pid() + " to print '" + text + "'")
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(20))
                .failFast("the process exited", () -> !isAlive() && !output().contains(text))
                .until(() -> output().contains(text));
    }

    /** The child's output so far. */
    public String output() {
        try {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + output, e);
        }
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }
}

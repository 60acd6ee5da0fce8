package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A child JVM on the class path of this one, so that a test can end it as no thread can be ended. What it prints goes to a
 * file. Closing kills it if it still lives; only this very process is ever touched.
 */
public final class Jvm implements AutoCloseable {
    private static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final Path output;

    private Jvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * What to start.
     *
     * @param mainClass its binary name
     * @param heap as {@code -Xmx} takes it, such as {@code 256m}
     * @param environment added to that of this process
     * @param folder the current directory of the child
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

    /** Starts a child. Both of its streams are appended to the output file. */
    public static Jvm start(Launch launch, Path output) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + launch.heap());
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(launch.mainClass());
        command.addAll(launch.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(launch.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(launch.environment());
        try {
            return new Jvm(builder.start(), output);
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

    /** Ends the child as a crash does: no hook runs, nothing is flushed. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** Asks the child to end, as an orchestrator does: its hooks run. Returns at once. */
    public void terminate() {
        process.destroy();
    }

    /** The exit code. Fails with the child's output if it still lives when the time is up. */
    public int awaitExit(Duration patience) {
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("process " + pid() + " did not end within " + patience + "; it said:\n" + output());
    }

    /** Waits until the child has printed a text. Fails with its output if it ends, or is silent, instead. */
    public void awaitOutput(String text, Duration patience) {
        Awaitility.await("process " + pid() + " to print '" + text + "'")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(20))
                .failFast("the process ended", () -> !isAlive() && !output().contains(text))
                .until(() -> output().contains(text));
    }

    /** Everything the child has printed so far. */
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

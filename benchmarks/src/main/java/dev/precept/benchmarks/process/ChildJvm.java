package dev.precept.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM with the class path of this one. It ends when it is closed or when this process exits. The environment
 * variable {@code BENCHMARK_JAVA_OPTS} adds flags, for a profiler.
 */
public final class ChildJvm implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "-XX:+UseG1GC",
            // Otherwise a process whose library thread died would wait forever.
            "-XX:+CrashOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private final String name;
    private final Process process;
    private final Path stderr;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildJvm(String name, Process process, Path stderr) {
        this.name = name;
        this.process = process;
        this.stderr = stderr;
    }

    /**
     * Starts a child.
     *
     * @param heap in the format of {@code -Xmx}
     * @param folder working directory, which gets the error output
     */
    static ChildJvm start(Class<?> main, String heap, Path folder, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.addAll(FLAGS);
        String more = System.getenv("BENCHMARK_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(String.valueOf(argument));
        }
        try {
            Path stderr = Files.createTempFile(folder, main.getSimpleName(), ".err");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            ChildJvm childJvm = new ChildJvm(main.getSimpleName() + " " + process.pid(), process, stderr);
            Thread.ofPlatform().name(childJvm.name).daemon().start(childJvm::readOutput);
            return childJvm;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + main.getName(), e);
        }
    }

    private void readOutput() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("closed " + e.getMessage());
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a command to the child. */
    public void send(String command) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(command)
                    .append('\n')
                    .flush();
        } catch (IOException e) {
            throw new UncheckedIOException(failure("did not accept the command " + command), e);
        }
    }

    /** Waits for a line that starts with a word and returns the rest of the line. */
    public String await(String word, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadline) {
            String line = lines.poll(100, TimeUnit.MILLISECONDS);
            if (line != null && line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
            requireAlive(line);
        }
        throw new IllegalStateException(failure("did not print '" + word + "' within " + timeout.toSeconds() + " s"));
    }

    /** @throws IllegalStateException with the child's error output, if it has exited */
    public void requireAlive() {
        requireAlive(null);
    }

    private void requireAlive(@Nullable String line) {
        if (line == null && !process.isAlive()) {
            throw new IllegalStateException(failure("exited with " + process.exitValue()));
        }
    }

    /** A message with the child's error output. */
    public String failure(String what) {
        try {
            return name + " " + what + "; its error output:\n" + Files.readString(stderr);
        } catch (IOException e) {
            return name + " " + what + "; its error output cannot be read: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

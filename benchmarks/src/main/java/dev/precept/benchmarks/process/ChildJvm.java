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
 * A child JVM on the class path of this one. Closing ends it, and so does the end of this process. The environment's
 * {@code BENCHMARK_JAVA_OPTS} is added to its flags, for a profiler.
 */
public final class ChildJvm implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "-XX:+UseG1GC",
            // A thread of a library that died of it would leave a process that waits for ever.
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private final String name;
    private final Process process;
    private final Path complaints;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private ChildJvm(String name, Process process, Path complaints) {
        this.name = name;
        this.process = process;
        this.complaints = complaints;
    }

    /**
     * Starts a child.
     *
     * @param heap as {@code -Xmx} takes it
     * @param folder where its error output goes
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
            Path complaints = Files.createTempFile(folder, main.getSimpleName(), ".err");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(complaints.toFile())
                    .start();
            ChildJvm childJvm = new ChildJvm(main.getSimpleName() + " " + process.pid(), process, complaints);
            Thread.ofPlatform().name(childJvm.name).daemon().start(childJvm::listen);
            return childJvm;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + main.getName(), e);
        }
    }

    private void listen() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(said::add);
        } catch (IOException | UncheckedIOException e) {
            said.add("gone " + e.getMessage());
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Gives the child an order. */
    public void tell(String order) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(order)
                    .append('\n')
                    .flush();
        } catch (IOException e) {
            throw new UncheckedIOException(failure("did not take the order " + order), e);
        }
    }

    /** Waits until the child says a word; the value it said with it. */
    public String hear(String word, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            String line = said.poll(100, TimeUnit.MILLISECONDS);
            if (line != null && line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
            requireAlive(line);
        }
        throw new IllegalStateException(failure("did not say '" + word + "' within " + patience.toSeconds() + " s"));
    }

    /** @throws IllegalStateException with what the child complained of, if it has ended by itself */
    public void requireAlive() {
        requireAlive(null);
    }

    private void requireAlive(@Nullable String line) {
        if (line == null && !process.isAlive()) {
            throw new IllegalStateException(failure("ended with " + process.exitValue()));
        }
    }

    /** What the child did, and what it complained of. */
    public String failure(String what) {
        try {
            return name + " " + what + "; its error output:\n" + Files.readString(complaints);
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

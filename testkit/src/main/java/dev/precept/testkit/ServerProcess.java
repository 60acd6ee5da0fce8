package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** A server from a jar of its own, as a child process. Closing kills it; only this very process is ever touched. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param log what it prints goes there
     * @param arguments of the command {@code java}, {@code -jar} among them
     */
    static ServerProcess start(Path log, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** A jar that the build puts below {@code testkit/target}. */
    static Path jar(String name, String how) {
        Path jar = Path.of(System.getProperty("precept.root", "."), "testkit", "target")
                .resolve(name)
                .toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not there; " + how + " puts it there");
        }
        return jar;
    }

    static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free on the loopback", e);
        }
    }

    /** Returns when it answers. Fails if it ends, or is silent, or cannot be asked, and then ends it. */
    void await(String name, Duration patience, Callable<Boolean> answers) {
        try {
            Awaitility.await(name + " to answer; it prints to " + log)
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast(name + " ended; it printed to " + log, () -> !process.isAlive())
                    .until(answers);
        } catch (Throwable e) { // what the question throws comes as it is, declared or not
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}

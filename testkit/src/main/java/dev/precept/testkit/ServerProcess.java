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
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/** A server as a child process. Closing kills it; no other process is affected. */
final class ServerProcess implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int PORT_ATTEMPTS = 1_000;

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a server.
     *
     * @param log of its output
     * @param arguments of {@code java}, including {@code -jar}
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

    /** A jar that the build copies to {@code testkit/target}. */
    static Path jar(String name, String build) {
        Path jar = Path.of(System.getProperty("precept.root", "."), "testkit", "target")
                .resolve(name)
                .toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " does not exist; " + build + " creates it");
        }
        return jar;
    }

    /**
     * A port that was free a moment ago, below those that the system gives to connections: one of these could take it before
     * the server does.
     */
    static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, FIRST_EPHEMERAL_PORT);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // taken; the next one may be free
            }
        }
        throw new IllegalStateException("no port is free on the loopback");
    }

    /** Waits until the server answers. Fails, and kills it, if it exits, does not answer in time, or the probe throws. */
    void await(String name, Duration timeout, Callable<Boolean> answers) {
        try {
            Awaitility.await(name + " to answer; its log is " + log)
                    .atMost(timeout)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast(name + " exited; its log is " + log, () -> !process.isAlive())
                    .until(answers);
        } catch (Throwable e) { // exceptions of the probe pass unchanged, declared or not
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

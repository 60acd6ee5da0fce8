package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The test's end of a {@link CommandProcess}. Closing kills the process. For one thread. */
final class CommandClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TIMEOUT_SECONDS = 120;

    private final Process process;
    private final BufferedReader reports;
    private final PrintWriter requests;
    private final Path log;

    private CommandClient(Process process, Path log) {
        this.process = process;
        this.reports = process.inputReader();
        this.requests = new PrintWriter(process.outputWriter(), true);
        this.log = log;
    }

    /** @param log of the process's error output, which is appended to */
    static CommandClient start(Path log, Map<String, String> environment) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CommandProcess.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new CommandClient(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + CommandProcess.class, e);
        }
    }

    /** Starts a command, with leave to make some store calls. */
    Optional<JsonNode> start(ObjectNode command, long calls, CommandGate.Then then) {
        ObjectNode request = JSON.createObjectNode().put("calls", calls).put("then", then.name());
        return send(request.set("command", command));
    }

    /** Lets the command make some more store calls. */
    Optional<JsonNode> grant(long calls, CommandGate.Then then) {
        return send(JSON.createObjectNode().put("calls", calls).put("then", then.name()));
    }

    /** The next report; empty if the process halted. */
    private Optional<JsonNode> send(JsonNode request) {
        requests.println(request);
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return Optional.ofNullable(reports.readLine()).orElse("");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read from process " + process.pid(), e);
            }
        });
        try {
            String report = line.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return report.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(report));
        } catch (TimeoutException | ExecutionException | IOException | InterruptedException e) {
            throw new AssertionError("no report from process " + process.pid() + " on " + request + "; log " + log, e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}

package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept mock-model}. */
@Command(
        name = "mock-model",
        mixinStandardHelpOptions = true,
        description = "Start a mock model server (OpenAI-compatible) for tests without a model.")
final class MockModelCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "bind address (default ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8000",
            description = "port, 0 for any free port (default ${DEFAULT-VALUE})")
    private int port;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            Runtime.getRuntime().halt(ExitCode.RELEASED.code());
        }));
        try (MockModelServer server = start()) {
            System.out.println("mock model at " + server.url());
            stopped.await();
        }
        return ExitCode.RELEASED.code();
    }

    private MockModelServer start() throws IOException {
        if (port < 0 || port > MAX_PORT) {
            throw new ConfigurationException("--port " + port + ": give a whole number from 0 to " + MAX_PORT);
        }
        try {
            return MockModelServer.start(host, port, FaultInjection.none());
        } catch (BindException e) {
            throw new ConfigurationException("--port: " + host + ":" + port + " cannot be opened (" + e.getMessage()
                    + "); choose another, or 0 for any free one");
        }
    }
}

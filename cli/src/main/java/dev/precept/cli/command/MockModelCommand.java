package dev.precept.cli.command;

import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept mock-model}: the stand-in model as a server of its own. */
@Command(
        name = "mock-model",
        mixinStandardHelpOptions = true,
        description = "Serves the stand-in that answers by rule, for a line with no model.")
final class MockModelCommand implements Callable<Integer> {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "interface (default ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8000",
            description = "port (default ${DEFAULT-VALUE}; 0 takes any free one)")
    private int port;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            told.countDown();
            Runtime.getRuntime().halt(ExitCode.RELEASED.code());
        }));
        try (MockModelServer server = MockModelServer.start(host, port, FaultInjection.none())) {
            System.out.println("mock model at " + server.url());
            told.await();
        }
        return ExitCode.RELEASED.code();
    }
}

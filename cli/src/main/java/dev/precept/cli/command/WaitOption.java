package dev.precept.cli.command;

import dev.precept.cli.run.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for its models to be ready. */
final class WaitOption {
    @Option(
            names = "--wait-model",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "how long to wait for a model that is not ready (default ${DEFAULT-VALUE})")
    private String patience = "30s";

    Duration patience() {
        return Durations.parse("--wait-model", patience);
    }
}

package dev.precept.cli.command;

import dev.precept.cli.run.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command that calls models waits for them to come up. */
final class WaitOption {
    @Option(
            names = "--wait-model",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "how long to wait for a model that is not up (default ${DEFAULT-VALUE})")
    private String patience = "30s";

    Duration patience() {
        return Durations.parse("--wait-model", patience);
    }
}

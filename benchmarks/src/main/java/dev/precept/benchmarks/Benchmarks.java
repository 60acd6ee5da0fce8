package dev.precept.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code benchmarks/run}. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        description = "Measures the product as it ships. One JSON document on stdout, progress on stderr.",
        subcommands = {WorkersCommand.class, RebalanceCommand.class, SinkCommand.class, ParquetCommand.class})
final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        CommandLine command = new CommandLine(new Benchmarks());
        command.setExecutionExceptionHandler((e, line, parsed) -> {
            System.err.println("the measurement failed: " + e.getMessage());
            return 1;
        });
        System.exit(command.execute(args));
    }
}

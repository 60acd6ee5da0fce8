package dev.precept.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code benchmarks/run}. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        description = "Measures Precept as shipped. Prints one JSON document to stdout, progress to stderr.",
        subcommands = {
            WorkersCommand.class,
            RebalanceCommand.class,
            PipelineCommand.class,
            SinkCommand.class,
            ParquetCommand.class,
            CommitsCommand.class,
            SigningCommand.class,
            DuplicatesCommand.class,
            ContaminationCommand.class,
            ScreensCommand.class,
            NearDuplicatesCommand.class,
            ReleaseCommand.class,
            ConsoleCommand.class
        })
final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        CommandLine command = new CommandLine(new Benchmarks());
        command.setExecutionExceptionHandler((e, line, parsed) -> {
            System.err.println("measurement failed: " + e.getMessage());
            return 1;
        });
        System.exit(command.execute(args));
    }
}

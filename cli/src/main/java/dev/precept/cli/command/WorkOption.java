package dev.precept.cli.command;

import dev.precept.runtime.WorkFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The folder of a run, as every command that is about one names it. */
final class WorkOption {
    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "the folder of the run (default ${DEFAULT-VALUE})")
    private Path path = Path.of("work");

    Path path() {
        return path;
    }

    WorkFolder folder() {
        return new WorkFolder(path);
    }
}

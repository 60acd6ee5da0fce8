package dev.precept.cli.command;

import dev.precept.runtime.WorkFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The work folder of a run. */
final class WorkOption {
    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "work folder of the run (default ${DEFAULT-VALUE})")
    private Path path = Path.of("work");

    Path path() {
        return path;
    }

    WorkFolder folder() {
        return new WorkFolder(path);
    }
}

package dev.precept.cli.command;

import picocli.CommandLine.Option;

/** The view of a command that copies or prints rows. */
final class ViewOption {
    @Option(
            names = "--view",
            paramLabel = "NAME",
            defaultValue = "sft",
            description = "a view of the version, such as sft or preference (default ${DEFAULT-VALUE})")
    private String name = "sft";

    String name() {
        return name;
    }
}

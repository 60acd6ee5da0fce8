package dev.precept.cli.command;

import picocli.CommandLine.Option;

/** The view of a command that copies or prints rows. */
final class ViewOption {
    @Option(
            names = "--view",
            paramLabel = "NAME",
            defaultValue = "sft",
            description = "sft, sft-think, preference, rl or raw (default ${DEFAULT-VALUE})")
    private String name = "sft";

    String name() {
        return name;
    }
}

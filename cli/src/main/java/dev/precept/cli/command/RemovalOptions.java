package dev.precept.cli.command;

import dev.precept.dataset.RowSelector;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which rows a command removes, and why. */
final class RemovalOptions {
    @ArgGroup(multiplicity = "1")
    private RowSelectorOption rows = new RowSelectorOption();

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            required = true,
            description = "the reason, stored for ever: do not quote the data")
    private String why = "";

    RowSelector rows() {
        return rows.read();
    }

    String why() {
        return why;
    }
}

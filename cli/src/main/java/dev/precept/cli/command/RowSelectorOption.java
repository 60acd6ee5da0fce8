package dev.precept.cli.command;

import dev.precept.dataset.RowSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Selects rows by exactly one of its options. */
final class RowSelectorOption {
    @Option(
            names = "--spec-version",
            paramLabel = "SHA256",
            description = "rows generated under this version of the specification")
    private @Nullable String specVersion;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "rows of this source: the name in the rows, or the file as the recipe names it")
    private @Nullable String source;

    @Option(
            names = "--sample",
            paramLabel = "ID",
            description = "the sample with this id, and samples with the same text; may be repeated")
    private List<String> samples = new ArrayList<>();

    RowSelector read() {
        if (specVersion != null) {
            return new RowSelector.BySpecVersion(specVersion);
        } else if (source != null) {
            return new RowSelector.BySource(source);
        }
        return new RowSelector.BySample(new TreeSet<>(samples), Set.of());
    }
}

package dev.precept.cli.command;

import dev.precept.dataset.RowSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows are meant: exactly one of these is given. */
final class RowSelectorOption {
    @Option(
            names = "--spec-version",
            paramLabel = "SHA256",
            description = "all that was made under this version of the specification")
    private @Nullable String specVersion;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "all of this source: what its rows call it, or the file as the recipe names it")
    private @Nullable String source;

    @Option(
            names = "--sample",
            paramLabel = "ID",
            description = "the sample of this id, and whatever says the same; may be repeated")
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

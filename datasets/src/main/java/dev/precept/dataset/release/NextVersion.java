package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.Withdrawal;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version that comes after those that there are: {@code v<n+1>} after the highest {@code v<n>}.
 *
 * @param name of the next version
 * @param unchangedFrom the newest version, if the next one would be made of the same commits by the same recipe, and no run is open
 */
public record NextVersion(String name, Optional<String> unchangedFrom) {
    /** What stands for the next version where a name is asked for. */
    public static final String WORD = "next";

    private static final Pattern NUMBERED = Pattern.compile("v(?<number>\\d{1,18})");

    /**
     * Looks what comes next.
     *
     * @param settings whatever they are named
     * @throws IOException if the store fails, or a chain is not whole
     */
    public static NextVersion determine(Dataset dataset, ReleaseSettings settings) throws IOException {
        long highest = dataset.versions().all().stream()
                .map(NUMBERED::matcher)
                .filter(Matcher::matches)
                .mapToLong(version -> Long.parseLong(version.group("number")))
                .max()
                .orElse(0);
        Optional<String> newest = highest > 0 ? Optional.of("v" + highest) : latest(dataset);
        boolean same = newest.isPresent()
                && Release.openRuns(dataset).isEmpty()
                && isSame(
                        dataset,
                        settings,
                        dataset.versions().manifest(newest.get()).orElseThrow());
        return new NextVersion("v" + (highest + 1), same ? newest : Optional.empty());
    }

    /** Of a dataset whose versions have names of their own. */
    private static Optional<String> latest(Dataset dataset) throws IOException {
        return dataset.refs().latestMove(Refs.LATEST).map(Refs.Move::version).filter(dataset.versions()::has);
    }

    /** A version is a function of its commits and its recipe, and its manifest names both. */
    private static boolean isSame(Dataset dataset, ReleaseSettings settings, Manifest manifest) throws IOException {
        Release.Origin all =
                new Release.Origin(CommittedRows.load(dataset), Optional.empty(), Withdrawal.read(dataset));
        return ManifestBuilder.offsets(all).equals(manifest.offsets())
                && ManifestBuilder.recipe(settings, all).equals(manifest.recipe());
    }
}

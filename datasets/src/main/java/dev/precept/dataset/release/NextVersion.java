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
 * The next numbered version: {@code v<n+1>} after the highest {@code v<n>}.
 *
 * @param unchangedFrom the newest version, if the next one would have the same commits and recipe, and no run is open
 */
public record NextVersion(String name, Optional<String> unchangedFrom) {
    /** The name that selects the next version on the command line. */
    public static final String WORD = "next";

    private static final Pattern NUMBERED = Pattern.compile("v(?<number>\\d{1,18})");

    /**
     * Determines the next version.
     *
     * @param settings their name is ignored
     * @throws IOException if the store fails, or a chain has a gap
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

    /** The newest version of a dataset without numbered versions. */
    private static Optional<String> latest(Dataset dataset) throws IOException {
        return dataset.refs().latestMove(Refs.LATEST).map(Refs.Move::version).filter(dataset.versions()::has);
    }

    /** Offsets and recipe determine a version. */
    private static boolean isSame(Dataset dataset, ReleaseSettings settings, Manifest manifest) throws IOException {
        Release.Origin all =
                new Release.Origin(CommittedRows.load(dataset), Optional.empty(), Withdrawal.read(dataset));
        return ManifestBuilder.offsets(all).equals(manifest.offsets())
                && ManifestBuilder.recipe(settings, all).equals(manifest.recipe());
    }
}

package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.evidence.Evidence;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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
     * Determines the next version. An unfinished release with the same settings is the next version, whatever was committed
     * since it began.
     *
     * @param given their name is ignored
     * @throws IOException if the store fails, or a chain has a gap
     */
    public static NextVersion determine(Dataset dataset, ReleaseSettings given) throws IOException {
        ReleaseSettings settings = Release.withSplits(given, SplitInheritance.newest(dataset));
        List<ReleaseClaim> open = ReleasePlans.of(dataset).openClaims();
        OptionalLong begun = open.stream()
                .filter(claim -> new ClaimedName(dataset, settings, claim.plan().from()).isSame(claim.plan()))
                .filter(claim -> claim.plan().from().isEmpty())
                .flatMapToLong(claim -> number(claim.version()))
                .max();
        if (begun.isPresent()) {
            return new NextVersion("v" + begun.getAsLong(), Optional.empty());
        }
        long released = highest(dataset.versions().all().stream());
        long highest = Math.max(released, highest(open.stream().map(ReleaseClaim::version)));
        Optional<String> newest = released > 0 ? Optional.of("v" + released) : latest(dataset);
        boolean same = newest.isPresent()
                && Release.openRuns(dataset).isEmpty()
                && isSame(
                        dataset,
                        settings,
                        dataset.versions().manifest(newest.get()).orElseThrow());
        return new NextVersion("v" + (highest + 1), same ? newest : Optional.empty());
    }

    private static long highest(Stream<String> names) {
        return names.flatMapToLong(NextVersion::number).max().orElse(0);
    }

    private static LongStream number(String name) {
        Matcher version = NUMBERED.matcher(name);
        return version.matches() ? LongStream.of(Long.parseLong(version.group("number"))) : LongStream.empty();
    }

    /** The newest version of a dataset without numbered versions. */
    private static Optional<String> latest(Dataset dataset) throws IOException {
        return dataset.refs().latestMove(Refs.LATEST).map(Refs.Move::version).filter(dataset.versions()::has);
    }

    /** Offsets and recipe determine a version. */
    private static boolean isSame(Dataset dataset, ReleaseSettings settings, Manifest manifest) throws IOException {
        SplitSettings splits = settings.splits();
        boolean isSameShare =
                !splits.resplit() && splits.validation() == manifest.recipe().validation();
        ReleaseSettings again = isSameShare ? settings.withSplits(SplitSettings.ofPlan(manifest.recipe())) : settings;
        for (Manifest.SourceRun run : manifest.runs()) {
            if (!Evidence.document(dataset, run.runId()).equals(run.evidence())) {
                return false; // it was stored after the version was planned
            }
        }
        return CommittedRows.load(dataset).offsets().equals(manifest.offsets())
                && again.recipe(Withdrawal.read(dataset)).equals(manifest.recipe());
    }
}

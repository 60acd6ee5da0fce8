package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.run.RefMessages;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.release.NextVersion;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.runtime.ExitCode;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept release}: another version of what is committed. Needs no Kafka, and calls no model. */
@Command(name = "release", mixinStandardHelpOptions = true, description = "Makes a version of a dataset.")
final class ReleaseCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    /** A dataset by its place, or by the recipe that feeds it, which says as well what a version is made of. */
    static final class Where {
        @Option(names = "--dataset", paramLabel = "WHERE", description = "a folder or s3://bucket/prefix")
        private @Nullable String place;

        @Option(
                names = "--recipe",
                paramLabel = "FILE",
                description = "the recipe of a run: its dataset, its sections release and s3; flags stand over it")
        private @Nullable Path recipe;
    }

    @Option(
            names = "--as",
            paramLabel = "NAME",
            required = true,
            description = "the name of the version; 'next' counts on from the highest v1, v2, … and makes nothing if"
                    + " nothing is new")
    private String name = "";

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description =
                    "make it from exactly the commits of this version, and as that was made but for what is given")
    private @Nullable String from;

    @Option(
            names = "--threshold",
            paramLabel = "X",
            description = "the least lowest vote of a sample, 0-10, from the votes there are"
                    + " (default: what each run asked)")
    private @Nullable String threshold;

    @Option(
            names = "--views",
            split = ",",
            paramLabel = "VIEW",
            description = "projections: sft, sft-think, preference, rl, raw")
    private @Nullable List<String> views;

    @Option(
            names = "--world-size",
            paramLabel = "N",
            description = "ranks of the training job (default: the files, or 8); as many files of each view and side")
    private @Nullable String worldSize;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "files of each view and side, a multiple of the world size (default: the world size)")
    private @Nullable String shards;

    @Option(names = "--validation", paramLabel = "SHARE", description = "of the prompts, for validation (default 0)")
    private @Nullable String validation;

    @Option(
            names = "--preference-gap",
            paramLabel = "X",
            description = "least distance of the lowest votes of a preference pair (default 3)")
    private @Nullable String preferenceGap;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description = "a chat template that must keep what the views hold; may be repeated")
    private @Nullable List<String> templates;

    @Override
    public Integer call() throws IOException {
        Recipe asked = where.recipe == null
                ? Recipe.parse("command line", Path.of("").toAbsolutePath(), "")
                : DeployedRecipe.read(where.recipe, System.getenv());
        StoreLocation location = where.place == null ? located(asked) : DatasetLocation.of(where.place);
        Dataset dataset = null;
        if (from != null) {
            dataset = Dataset.openExisting(location);
            ReleaseSettings.inherit(
                    asked,
                    dataset.versions()
                            .manifest(dataset.versions().resolve(from))
                            .orElseThrow());
        }
        override(asked);
        ReleaseSettings settings = ReleaseSettings.read(asked);
        asked.throwProblems();
        return makeRelease(dataset == null ? Dataset.openExisting(location) : dataset, settings);
    }

    /** Reads all of the recipe, so that a key that nobody knows is told here as anywhere. */
    private static StoreLocation located(Recipe asked) {
        return RunRecipe.read(asked, System.getenv()).dataset();
    }

    private int makeRelease(Dataset dataset, ReleaseSettings asked) throws IOException {
        ReleaseSettings settings = asked;
        if (isNext()) {
            NextVersion next = NextVersion.determine(dataset, asked);
            if (from == null && next.unchangedFrom().isPresent()) {
                System.out.println(
                        "nothing is new since " + next.unchangedFrom().get() + " in " + dataset.location()
                                + ": the same commits, the same recipe; no version was made");
                return ExitCode.RELEASED.code();
            }
            settings = asked.withName(next.name());
        }
        ReleaseSettings named = settings;
        Release.requireNameFree(dataset, named.name());
        if (from != null || Release.openRuns(dataset).isEmpty()) {
            Map<String, String> with = new TreeMap<>(Map.of("version", named.name()));
            if (from != null) {
                with.put("from", from);
            }
            CommandAudit.record(dataset, Audit.Action.RELEASE, with);
        }
        return runWithDrafts(drafts ->
                from == null ? Release.make(dataset, named, drafts) : Release.makeFrom(dataset, from, named, drafts));
    }

    private boolean isNext() {
        return name.equals(NextVersion.WORD);
    }

    private void override(Recipe asked) {
        if (!isNext()) {
            asked.overrideText("release.name", name);
        }
        if (views != null) {
            asked.override("release.views", views);
        }
        if (templates != null) {
            asked.override("release.templates", templates);
        }
        // Who says only how many files there are has as many ranks, unless the version it is made from had others.
        override(asked, "world_size", worldSize == null && from == null ? shards : worldSize);
        override(asked, "shards", shards == null ? worldSize : shards);
        override(asked, "validation", validation);
        override(asked, "preference_gap", preferenceGap);
        override(asked, "threshold", threshold);
    }

    private static void override(Recipe asked, String key, @Nullable String value) {
        if (value != null) {
            asked.override("release." + key, value);
        }
    }

    interface ReleaseAction {
        Release.Result make(Path drafts) throws IOException;
    }

    /** Makes a version with a folder for its drafts, and says how that ended. */
    static int runWithDrafts(ReleaseAction releaseAction) throws IOException {
        Path drafts = Files.createTempDirectory("precept-release");
        try {
            return report(releaseAction.make(drafts)).code();
        } finally {
            Files.deleteIfExists(drafts);
        }
    }

    private static ExitCode report(Release.Result result) {
        return switch (result) {
            case Release.Result.Released released -> {
                System.out.println("released " + released.path() + " (" + released.rows() + " rows)");
                released.latestAt().ifPresent(version -> System.out.println(RefMessages.notMoved(version)));
                yield ExitCode.RELEASED;
            }
            case Release.Result.Refused(String why) -> {
                System.err.println("not released: " + why);
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.NoRows() -> {
                System.err.println("not released: no sample is left to release");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.Incomplete(List<String> runs) -> {
                System.err.println("not released: open runs: " + String.join(", ", runs)
                        + "; finish them with the command that began them");
                yield ExitCode.WORK_LEFT;
            }
        };
    }
}

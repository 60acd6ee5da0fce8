package dev.precept.factory;

import dev.precept.runtime.ExitCode;
import dev.precept.runtime.config.Recipe;
import dev.precept.sinks.Dataset;
import dev.precept.sinks.DatasetLocation;
import dev.precept.sinks.Release;
import dev.precept.sinks.ReleaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept release}: another version of what is committed. Needs no Kafka, and calls no model. */
@Command(name = "release", mixinStandardHelpOptions = true, description = "Makes a version of a dataset.")
final class ReleaseCommand implements Callable<Integer> {
    @Option(names = "--dataset", paramLabel = "WHERE", required = true, description = "a folder or s3://bucket/prefix")
    private String place = "dataset";

    @Option(names = "--as", paramLabel = "NAME", required = true, description = "the name of the version")
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
        Recipe asked = Recipe.parse("command line", Path.of("").toAbsolutePath(), "");
        Dataset dataset = null;
        if (from != null) {
            dataset = Dataset.existing(DatasetLocation.of(place));
            ReleaseSettings.inherit(
                    asked, dataset.manifest(dataset.version(from)).orElseThrow());
        }
        override(asked);
        ReleaseSettings settings = ReleaseSettings.read(asked);
        asked.throwProblems();
        Dataset opened = dataset == null ? Dataset.existing(DatasetLocation.of(place)) : dataset;
        return in(drafts ->
                from == null ? Release.make(opened, settings, drafts) : Release.from(opened, from, settings, drafts));
    }

    private void override(Recipe asked) {
        asked.overrideText("release.name", name);
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

    interface Making {
        Release.Made in(Path drafts) throws IOException;
    }

    /** Makes a version with a folder for its drafts, and says how that ended. */
    static int in(Making making) throws IOException {
        Path drafts = Files.createTempDirectory("precept-release");
        try {
            return told(making.in(drafts)).code();
        } finally {
            Files.deleteIfExists(drafts);
        }
    }

    private static ExitCode told(Release.Made made) {
        return switch (made) {
            case Release.Made.Released released -> {
                System.out.println("released " + released.path() + " (" + released.rows() + " rows)");
                released.elsewhere().ifPresent(version -> System.out.println(elsewhere(version)));
                yield ExitCode.RELEASED;
            }
            case Release.Made.Refused(String why) -> {
                System.err.println("not released: " + why);
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Made.NoRows() -> {
                System.err.println("not released: no sample is left to release");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Made.Incomplete(List<String> runs) -> {
                System.err.println("not released: open runs: " + String.join(", ", runs)
                        + "; finish them with the command that began them");
                yield ExitCode.WORK_LEFT;
            }
        };
    }

    /** A ref that somebody else moved meanwhile, or that was never at the version this one takes the place of. */
    static String elsewhere(String version) {
        return "latest stands at " + version + " and stays there; 'precept ref DATASET latest NAME' moves it";
    }
}

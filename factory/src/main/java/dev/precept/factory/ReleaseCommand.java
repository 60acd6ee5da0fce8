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

/** {@code precept release}: another version of what is committed. Needs no Kafka. */
@Command(name = "release", mixinStandardHelpOptions = true, description = "Makes a version of a dataset.")
final class ReleaseCommand implements Callable<Integer> {
    @Option(names = "--dataset", paramLabel = "WHERE", required = true, description = "a folder or s3://bucket/prefix")
    private String dataset = "dataset";

    @Option(names = "--as", paramLabel = "NAME", required = true, description = "the name of the version")
    private String name = "";

    @Option(
            names = "--views",
            split = ",",
            paramLabel = "VIEW",
            description = "projections: sft, sft-think, preference, rl, raw")
    private @Nullable List<String> views;

    @Option(names = "--shards", paramLabel = "N", description = "files of each view and side (default 8)")
    private @Nullable String shards;

    @Option(names = "--validation", paramLabel = "SHARE", description = "of the prompts, for validation (default 0)")
    private @Nullable String validation;

    @Option(
            names = "--preference-gap",
            paramLabel = "X",
            description = "least distance of the lowest votes of a preference pair (default 3)")
    private @Nullable String preferenceGap;

    @Override
    public Integer call() throws IOException {
        Recipe asked = Recipe.parse("command line", Path.of("").toAbsolutePath(), "");
        asked.overrideText("release.name", name);
        if (views != null) {
            asked.override("release.views", views);
        }
        if (shards != null) {
            asked.override("release.world_size", shards);
        }
        if (validation != null) {
            asked.override("release.validation", validation);
        }
        if (preferenceGap != null) {
            asked.override("release.preference_gap", preferenceGap);
        }
        ReleaseSettings settings = ReleaseSettings.read(asked);
        asked.throwProblems();
        Path drafts = Files.createTempDirectory("precept-release");
        try {
            return made(Release.make(Dataset.existing(DatasetLocation.of(dataset)), settings, drafts))
                    .code();
        } finally {
            Files.deleteIfExists(drafts);
        }
    }

    private static ExitCode made(Release.Made made) {
        return switch (made) {
            case Release.Made.Released(long rows, String path) -> {
                System.out.println("released " + path + " (" + rows + " rows)");
                yield ExitCode.RELEASED;
            }
            case Release.Made.NoRows() -> {
                System.err.println("not released: the dataset has no sample");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Made.Incomplete(List<String> runs) -> {
                System.err.println("not released: open runs: " + String.join(", ", runs)
                        + "; finish them with the command that began them");
                yield ExitCode.WORK_LEFT;
            }
        };
    }
}

package dev.precept.cli.run;

import dev.precept.cli.terminal.Count;
import dev.precept.dataset.release.LatestRef;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.SplitInheritance;
import dev.precept.dataset.view.Split;
import dev.precept.runtime.ShellWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What to know of a version that was just made: where {@code latest} points, and which splits were taken over. */
public final class ReleaseLines {
    private ReleaseLines() {}

    /** @param dataset its location, for the command that is named */
    public static List<String> of(String dataset, String version, Release.Result.Released released) {
        return of(dataset, version, released.splits(), released.latest(), false);
    }

    /** @param isPreview whether the version is not made yet */
    public static List<String> of(
            String dataset, String version, Optional<SplitInheritance> inherited, LatestRef latest, boolean isPreview) {
        List<String> lines = new ArrayList<>();
        inherited.ifPresent(splits -> lines.addAll(splits(splits)));
        String pointed = latest(dataset, version, latest);
        lines.add(
                isPreview
                        ? pointed.replace("latest still points", "latest would still point")
                                .replace("latest points", "latest would point")
                        : pointed);
        return lines;
    }

    /** Why nothing was released although samples were accepted. */
    public static String noRows(long samples) {
        return "not released: no view has a row, although " + samples + " samples are kept; give other --views"
                + " (release.views), or a smaller --preference-gap";
    }

    private static String latest(String dataset, String version, LatestRef latest) {
        Optional<String> now = latest.now();
        if (!now.equals(Optional.of(version))) {
            return "latest still points to " + now.orElse("no version") + "; 'precept ref " + ShellWord.of(dataset)
                    + " latest " + version + "' moves it";
        }
        return "latest points to " + version
                + latest.before()
                        .filter(before -> !before.equals(version))
                        .map(before -> " (was " + before + ")")
                        .orElse("");
    }

    private static List<String> splits(SplitInheritance splits) {
        String before = splits.before().version();
        List<String> lines = new ArrayList<>();
        lines.add("prompts: "
                + Arrays.stream(Split.values())
                        .map(split -> prompts(splits, split))
                        .collect(Collectors.joining(", ")));
        if (splits.resplit()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  --resplit moved %s of %s from train to validation, %s from validation to train",
                    prompts(splits.toValidation()),
                    before,
                    prompts(splits.toTrain())));
            return lines;
        }
        lines.add("  every prompt of " + before + " is in the split where it was");
        if (splits.toValidation() > 0) {
            lines.add("  by the requested share " + prompts(splits.toValidation())
                    + " of train would be in validation; --resplit moves them");
        }
        if (splits.toTrain() > 0) {
            lines.add("  by the requested share " + prompts(splits.toTrain())
                    + " of validation would be in train; --resplit moves them");
        }
        return lines;
    }

    private static String prompts(long number) {
        return Count.of(number, "prompt");
    }

    private static String prompts(SplitInheritance splits, Split split) {
        long now = splits.prompts().getOrDefault(split, 0L);
        long before = splits.before().prompts().getOrDefault(split, 0L);
        return String.format(
                Locale.ROOT,
                "%,d %s%s",
                now,
                split.label(),
                now == before
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " (%+,d since %s)",
                                now - before,
                                splits.before().version()));
    }
}

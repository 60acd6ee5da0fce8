package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.ReleaseLines;
import dev.precept.cli.run.SelectionLines;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Count;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.SplitInheritance;
import dev.precept.runtime.ExitCode;
import java.util.List;
import java.util.Map;

/** Prints what a command that makes a version has done. */
final class ReleaseReport {
    private ReleaseReport() {}

    /** Prints the result; a version that was not made is reported on standard error too. */
    static ExitCode print(OutputOption output, Release.Result result) {
        if (!output.isJson()) {
            return print(result);
        }
        OutputOption.print(json(result));
        return code(result);
    }

    static void printUnchanged(OutputOption output, String version, String dataset) {
        if (output.isJson()) {
            OutputOption.print(OutputOption.object().put("outcome", "unchanged").put("version", version));
        } else {
            System.out.println("nothing is new since " + version + " in " + dataset
                    + ": same commits, same settings; no version made");
        }
    }

    static void printAbandoned(OutputOption output, String version, int deleted) {
        if (output.isJson()) {
            OutputOption.print(OutputOption.object()
                    .put("outcome", "abandoned")
                    .put("version", version)
                    .put("deleted_files", deleted));
        } else {
            System.out.println(
                    "gave up the unfinished release of " + version + ": " + Count.of(deleted, "file") + " deleted");
        }
    }

    private static ObjectNode json(Release.Result result) {
        ObjectNode json = OutputOption.object();
        switch (result) {
            case Release.Result.Released released -> {
                json.put("outcome", "released").put("version", version(released.path()));
                json.put("path", released.path()).put("rows", released.rows());
                released.latest().now().ifPresent(version -> json.put("latest", version));
                released.latest().before().ifPresent(version -> json.put("latest_before", version));
                released.splits().ifPresent(splits -> json.set("splits", json(splits)));
                json.set("left_out", counts(released.removed().selected()));
                json.set("reported", counts(released.removed().reported()));
            }
            case Release.Result.Refused(String why) ->
                json.put("outcome", "refused").put("why", why);
            case Release.Result.GatesFailed(List<String> failures) ->
                OutputOption.putAll(json.put("outcome", "gates_failed"), "gates", failures);
            case Release.Result.NoRows(long samples) ->
                json.put("outcome", "no_rows").put("samples", samples);
            case Release.Result.RangeStored(int left) ->
                json.put("outcome", "range_stored").put("shards_left", left);
            case Release.Result.Abandoned(ReleaseClaim claim, String why) ->
                json.put("outcome", "given_up").put("version", claim.version()).put("why", why);
            case Release.Result.Incomplete(List<String> runs) ->
                OutputOption.putAll(json.put("outcome", "incomplete"), "open_runs", runs);
        }
        return json;
    }

    static ObjectNode counts(Map<String, Long> counts) {
        ObjectNode json = OutputOption.object();
        counts.forEach(json::put);
        return json;
    }

    private static ObjectNode json(SplitInheritance splits) {
        return OutputOption.object()
                .put("of", splits.before().version())
                .put("resplit", splits.resplit())
                .put(splits.resplit() ? "moved_to_validation" : "kept_in_train", splits.toValidation())
                .put(splits.resplit() ? "moved_to_train" : "kept_in_validation", splits.toTrain());
    }

    /** The location of the dataset of the path of a version. */
    private static String dataset(String path) {
        return path.substring(0, path.lastIndexOf("/releases/"));
    }

    /** The last folder of the path of a version. */
    private static String version(String path) {
        String folder = path.replaceAll("/+$", "");
        return folder.substring(folder.lastIndexOf('/') + 1);
    }

    private static ExitCode code(Release.Result result) {
        return switch (result) {
            case Release.Result.Released _, Release.Result.RangeStored _ -> ExitCode.RELEASED;
            case Release.Result.Refused _, Release.Result.NoRows _, Release.Result.GatesFailed _ ->
                ExitCode.NOT_RELEASED;
            case Release.Result.Abandoned _, Release.Result.Incomplete _ -> ExitCode.WORK_LEFT;
        };
    }

    private static ExitCode print(Release.Result result) {
        return switch (result) {
            case Release.Result.Released released -> {
                System.out.println("released " + released.path() + " (" + Count.of(released.rows(), "row") + ")");
                ReleaseLines.of(dataset(released.path()), version(released.path()), released)
                        .forEach(line -> System.out.println(CommandName.in(line)));
                SelectionLines.of(
                                released.removed().selected(),
                                released.removed().reported(),
                                dataset(released.path()) + "@" + version(released.path()))
                        .forEach(line -> System.out.println(CommandName.in(line)));
                yield ExitCode.RELEASED;
            }
            case Release.Result.Refused(String why) -> {
                System.err.println("not released: " + why);
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.GatesFailed(List<String> failures) -> {
                failures.forEach(failure -> System.err.println("not released: " + failure));
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.NoRows(long samples) -> {
                System.err.println(samples == 0 ? "not released: no sample to release" : ReleaseLines.noRows(samples));
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.RangeStored(int left) -> {
                System.out.println("stored; " + Count.of(left, "shard") + " of other ranges "
                        + (left == 1 ? "is" : "are") + " not, the last range releases");
                yield ExitCode.RELEASED;
            }
            case Release.Result.Abandoned(ReleaseClaim claim, String why) -> {
                System.err.println("not released: the release of " + claim.version() + " was given up, because " + why
                        + "; release again");
                yield ExitCode.WORK_LEFT;
            }
            case Release.Result.Incomplete(List<String> runs) -> {
                System.err.println(CommandName.in("not released: open runs: " + String.join(", ", runs)
                        + "; complete them with 'precept run' and their recipes, or end one with 'precept cancel"
                        + " --dataset DATASET --run NAME'"));
                yield ExitCode.WORK_LEFT;
            }
        };
    }
}

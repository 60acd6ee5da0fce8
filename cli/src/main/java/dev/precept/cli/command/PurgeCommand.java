package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.terminal.Count;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.removal.PurgeLeftovers;
import dev.precept.dataset.removal.RemovalTemplates;
import dev.precept.dataset.spool.Spool;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept purge}. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Delete rows from a dataset for good. Rewrites the files of its commits and every version with such"
                    + " rows; this cannot be undone.",
            "A version with such rows is replaced by one without them, and its refs move there. All cached responses"
                    + " are deleted.",
            "Needs permission to delete objects. Run it again after an interruption; it continues, and makes good what an"
                    + " earlier purge of the same rows missed."
        })
final class PurgeCommand implements Callable<Integer> {
    private static final int MOST_NEIGHBOURS = 10;

    @Mixin
    private DatasetArgument dataset = new DatasetArgument();

    @Mixin
    private RemovalOptions removal = new RemovalOptions();

    @Mixin
    private RemovalTemplateOptions templates = new RemovalTemplateOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        RemovalTemplates chatTemplates = templates.read();
        Dataset opened = dataset.openExisting();
        // The next command deletes the files of one that was killed.
        try (Spool spool = Spool.open(Path.of(System.getProperty("java.io.tmpdir")), Long.MAX_VALUE)) {
            if (!removal.why().isBlank()) { // Purge.execute refuses a blank reason
                CommandAudit.record(
                        opened,
                        Audit.Action.PURGE,
                        Map.of(
                                "which",
                                removal.rows().describe(),
                                "why",
                                removal.why().strip()));
            }
            Purge.Outcome outcome = Purge.execute(opened, removal.rows(), removal.why(), chatTemplates, spool.folder());
            if (output.isJson()) {
                OutputOption.print(json(outcome));
            } else {
                print(outcome);
            }
        }
        return ExitCode.RELEASED.code();
    }

    private static ObjectNode json(Purge.Outcome outcome) {
        ObjectNode json = OutputOption.object().put("rows", outcome.rows()).put("commit_files", outcome.files());
        outcome.before().ifPresent(before -> json.put("rows_purged_before", before.rows()));
        ObjectNode versions = json.putObject("replaced_versions");
        outcome.versions().forEach((version, instead) -> versions.put(version, instead.orElse(null)));
        OutputOption.putAll(json, "neighbours", outcome.neighbours());
        PurgeLeftovers.Deleted deleted = outcome.leftovers();
        json.put("data_files", deleted.dataFiles()).put("release_files", deleted.releaseFiles());
        json.put("cached_responses", deleted.cachedReplies());
        OutputOption.putAll(json, "abandoned_releases", deleted.abandonedReleases());
        OutputOption.putAll(json, "kept", deleted.kept());
        return json;
    }

    /** What resembles a purged row may be as unwanted as that. */
    private static void printNeighbours(Set<String> neighbours) {
        if (!neighbours.isEmpty()) {
            System.out.println("  " + neighbours.size()
                    + (neighbours.size() == 1 ? " sample resembles" : " samples resemble")
                    + " purged ones and may take their place; purge them too if they must go:");
            neighbours.stream().limit(MOST_NEIGHBOURS).forEach(id -> System.out.println("    " + id));
            if (neighbours.size() > MOST_NEIGHBOURS) {
                System.out.println("    and others; --json lists all");
            }
        }
    }

    private static void print(Purge.Outcome outcome) {
        System.out.println(
                outcome.files() == 0 && outcome.before().isPresent()
                        ? "no committed row is left of the "
                                + outcome.before().get().rows() + " that were purged before"
                        : "purged " + Count.of(outcome.rows(), "row") + " of "
                                + Count.of(outcome.files(), "commit file"));
        outcome.versions()
                .forEach((version, instead) -> System.out.println("  version " + version + " deleted; "
                        + instead.map(name -> name + " replaces it, in refs too")
                                .orElse("no row of it remains")));
        printNeighbours(outcome.neighbours());
        PurgeLeftovers.Deleted deleted = outcome.leftovers();
        deleted.abandonedReleases()
                .forEach(version -> System.out.println(
                        "  release " + version + " was under way with these rows and was abandoned; release it again"));
        System.out.println("  deleted " + Count.of(deleted.dataFiles(), "data file") + " that no commit needs, "
                + Count.of(deleted.releaseFiles(), "file") + " of versions and unfinished releases, "
                + Count.of(deleted.cachedReplies(), "cached response"));
        deleted.kept()
                .forEach(key -> System.out.println(
                        "  kept " + key + ": a sink may still commit it; purge again when its run is complete"));
        System.out.println("""
            not deleted: the Kafka topics of its runs (until their retention ends), work folders, pulled copies,
            backups, and older object versions in a bucket with versioning; delete them yourself\
            """);
    }
}

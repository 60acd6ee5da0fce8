package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.removal.Purge;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept purge}: what must not exist any more. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Rewrites a dataset without some rows: the files of its commits and every version that holds them. What"
                    + " was purged cannot be brought back.",
            "A version that held such rows cannot be pulled any more; one without them takes its place, and its refs "
                    + "move there. Remembered answers of models are removed, all of them.",
            "Needs a role that may delete: a writer that may not cannot purge. Given again, it goes on."
        })
final class PurgeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATASET", description = "a folder or s3://bucket/prefix")
    private String place = "";

    @Option(names = "--why", paramLabel = "TEXT", required = true, description = "the reason; do not repeat the rows")
    private String why = "";

    @ArgGroup(multiplicity = "1")
    private RowSelectorOption which = new RowSelectorOption();

    @Override
    public Integer call() throws IOException {
        Dataset dataset = Dataset.openExisting(DatasetLocation.of(place));
        Path drafts = Files.createTempDirectory("precept-purge");
        try {
            if (!why.isBlank()) { // without a reason nothing is purged
                CommandAudit.record(
                        dataset,
                        Audit.Action.PURGE,
                        Map.of("which", which.read().describe(), "why", why.strip()));
            }
            told(Purge.execute(dataset, which.read(), why, drafts));
        } finally {
            Files.deleteIfExists(drafts);
        }
        return ExitCode.RELEASED.code();
    }

    private static void told(Purge.Outcome outcome) {
        System.out.println("purged " + outcome.rows() + " rows of " + outcome.files() + " files of commits, and "
                + outcome.cachedReplies() + " remembered answers");
        outcome.versions()
                .forEach((version, instead) -> System.out.println("  version " + version + " is gone; "
                        + instead.map(name -> name + " takes its place").orElse("nothing of it is left")));
        System.out.println("""
            not reached, remove them by hand or wait: the Kafka topics of its runs until their retention ends, work
            folders, copies that were pulled, backups, and older versions of objects where a bucket keeps them\
            """);
    }
}

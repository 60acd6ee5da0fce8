package dev.precept.cli.command;

import dev.precept.cli.run.Durations;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.removal.OrphanFiles;
import dev.precept.runtime.ExitCode;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept gc}: removes what crashed attempts left behind and nothing names. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = "Removes data that no commit names, versions without a manifest, probes and drafts.")
final class GcCommand implements Callable<Integer> {
    private static final Duration LEAST = Duration.ofHours(1);

    @Parameters(paramLabel = "DATASET", description = "where the dataset lies")
    private String dataset = "";

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "1d",
            description = "leave what is younger: 1d, 12h (default ${DEFAULT-VALUE})")
    private String olderThan = "1d";

    @Option(names = "--dry-run", description = "say what would go, and remove nothing")
    private boolean dryRun;

    @Option(names = "--force", description = "take an age below 1h: only while no run, sink or release is at work")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        Duration age = olderThan.matches("\\d{1,5}d")
                ? Duration.ofDays(Long.parseLong(olderThan.substring(0, olderThan.length() - 1)))
                : Durations.parse("--older-than", olderThan);
        if (age.compareTo(LEAST) < 0 && !force) {
            throw new ConfigurationException("--older-than " + olderThan + ": is less than 1h, and a sink stores data"
                    + " before the commit that names them; stop every run and give --force, or an age from 1h");
        }
        OrphanFiles orphanFiles;
        try {
            orphanFiles = OrphanFiles.find(Dataset.openExisting(DatasetLocation.of(dataset)), age);
        } catch (OrphanFiles.UnreadableDocumentException e) {
            System.err.println(e.getMessage());
            return ExitCode.NOT_RELEASED.code();
        }
        long bytes =
                orphanFiles.removable().stream().mapToLong(ObjectInfo::bytes).sum();
        if (dryRun) {
            orphanFiles.removable().forEach(each -> print("would go", each));
        } else {
            orphanFiles.delete(each -> print("removed", each));
        }
        orphanFiles
                .pendingCommit()
                .forEach(key -> System.out.println(key + "  stays: the chain ends there, a sink may commit it"));
        System.out.println(dataset + ": "
                + String.format("%,d keys, %,d bytes", orphanFiles.removable().size(), bytes)
                + (dryRun ? " would go" : " removed") + "; "
                + orphanFiles.young().size() + " younger than "
                + olderThan + " and " + orphanFiles.pendingCommit().size() + " that may yet be committed stay");
        return ExitCode.RELEASED.code();
    }

    private static void print(String what, ObjectInfo each) {
        System.out.println(each.key() + "  " + what + String.format(" (%,d bytes)", each.bytes()));
    }
}

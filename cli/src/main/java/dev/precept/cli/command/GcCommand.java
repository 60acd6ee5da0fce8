package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.Durations;
import dev.precept.cli.terminal.Count;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.removal.OrphanFiles;
import dev.precept.runtime.ExitCode;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept gc}. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = "Delete files that crashed processes left. These are data files without a commit or replaced by a"
                + " compaction, versions without a manifest and without an unfinished release, probes and drafts.")
final class GcCommand implements Callable<Integer> {
    private static final Duration MIN_AGE = Duration.ofHours(1);

    @Mixin
    private DatasetArgument dataset = new DatasetArgument();

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "1d",
            description = "delete only files older than this: 1d, 12h (default ${DEFAULT-VALUE})")
    private String olderThan = "1d";

    @Option(names = "--dry-run", description = "print what would be deleted, delete nothing")
    private boolean dryRun;

    @Option(
            names = "--force",
            description = "allow an age below 1h; safe only while no run, sink or release is running")
    private boolean force;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        Duration age = olderThan.matches("\\d{1,5}d")
                ? Duration.ofDays(Long.parseLong(olderThan.substring(0, olderThan.length() - 1)))
                : Durations.parse("--older-than", olderThan);
        if (age.compareTo(MIN_AGE) < 0 && !force) {
            throw new ConfigurationException(
                    "--older-than " + olderThan + ": is less than 1h, and a sink stores data"
                            + " files before the commit that references them; stop every run and give --force, or an age from 1h");
        }
        OrphanFiles orphanFiles;
        try {
            orphanFiles = OrphanFiles.find(dataset.openExisting(), age);
        } catch (OrphanFiles.UnreadableDocumentException e) {
            System.err.println(e.getMessage());
            return ExitCode.NOT_RELEASED.code();
        }
        if (output.isJson()) {
            printJson(orphanFiles);
        } else {
            printText(orphanFiles);
        }
        return ExitCode.RELEASED.code();
    }

    private void printJson(OrphanFiles orphanFiles) throws IOException {
        ObjectNode json =
                OutputOption.object().put("dataset", dataset.toString()).put("dry_run", dryRun);
        ArrayNode deleted = json.putArray(dryRun ? "removable" : "deleted");
        Consumer<ObjectInfo> add =
                each -> deleted.addObject().put("key", each.key()).put("bytes", each.bytes());
        if (dryRun) {
            orphanFiles.removable().forEach(add);
        } else {
            orphanFiles.delete(add);
        }
        ObjectNode kept = json.putObject("kept");
        OutputOption.putAll(kept, "young", orphanFiles.young());
        OutputOption.putAll(kept, "pending_commit", orphanFiles.pendingCommit());
        OutputOption.putAll(kept, "unfinished", orphanFiles.unfinished());
        json.put("dead_removals", orphanFiles.deadRemovals());
        OutputOption.print(json);
    }

    private void printText(OrphanFiles orphanFiles) throws IOException {
        long bytes =
                orphanFiles.removable().stream().mapToLong(ObjectInfo::bytes).sum();
        if (dryRun) {
            orphanFiles.removable().forEach(each -> print("would be deleted", each));
        } else {
            orphanFiles.delete(each -> print("deleted", each));
        }
        orphanFiles
                .pendingCommit()
                .forEach(key -> System.out.println(key + "  kept: at the head of its chain, a sink may commit it"));
        unfinishedByFolder(orphanFiles)
                .forEach((folder, files) -> System.out.println(
                        folder + "  kept: " + Count.of(files, "file") + " that an unfinished command may need"));
        if (orphanFiles.deadRemovals() > 0) {
            System.out.println(Count.of(orphanFiles.deadRemovals(), "deletion") + " of unfinished releases did not end"
                    + (dryRun ? " and would be closed" : "; their names can be released again"));
        }
        System.out.println(dataset + ": "
                + Count.of(orphanFiles.removable().size(), "unreferenced file") + ", " + Count.of(bytes, "byte")
                + (dryRun ? " would be deleted" : " deleted") + "; kept "
                + orphanFiles.young().size() + " younger than "
                + olderThan + ", " + orphanFiles.pendingCommit().size() + " that a sink may commit, "
                + orphanFiles.unfinished().size() + " of unfinished commands");
    }

    /** Files by version or chain: a release may have thousands. */
    private static Map<String, Long> unfinishedByFolder(OrphanFiles orphanFiles) {
        return orphanFiles.unfinished().stream()
                .collect(Collectors.groupingBy(
                        key -> key.substring(0, key.indexOf('/', key.indexOf('/') + 1) + 1),
                        TreeMap::new,
                        Collectors.counting()));
    }

    private static void print(String what, ObjectInfo each) {
        System.out.println(each.key() + "  " + what + String.format(Locale.ROOT, " (%,d bytes)", each.bytes()));
    }
}

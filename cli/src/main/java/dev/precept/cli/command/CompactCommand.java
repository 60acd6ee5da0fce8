package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Count;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.removal.Compaction;
import dev.precept.dataset.spool.Spool;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept compact}. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        description = {
            "Merge the small files of complete runs into files of about 256 MiB. Rows, versions and cursors stay as they"
                    + " are.",
            "A chain that a run may still append to is left alone. The merged files are deleted by 'precept gc', once"
                    + " they were replaced for longer than its --older-than.",
            "Run it again after an interruption; it continues."
        })
final class CompactCommand implements Callable<Integer> {
    @Mixin
    private DatasetArgument dataset = new DatasetArgument();

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "folder for temporary files, up to 1 GiB (default: the temporary folder of the system)")
    private @Nullable Path folder;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        Dataset opened = dataset.openExisting();
        Path parent = folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : folder;
        try (Spool spool = Spool.open(parent, Long.MAX_VALUE)) {
            Compaction.Outcome outcome = Compaction.execute(opened, spool.folder(), Compaction.FILE_BYTES);
            if (output.isJson()) {
                OutputOption.print(json(outcome));
            } else {
                print(outcome);
            }
        }
        return ExitCode.RELEASED.code();
    }

    private static ObjectNode json(Compaction.Outcome outcome) {
        ObjectNode json =
                OutputOption.object().put("chains", outcome.chains()).put("open_chains", outcome.openChains());
        put(json.putObject("before"), outcome.before());
        put(json.putObject("after"), outcome.after());
        put(json.putObject("all"), outcome.all());
        return json;
    }

    private static void put(ObjectNode json, Compaction.Size size) {
        json.put("files", size.files()).put("bytes", size.bytes());
    }

    private void print(Compaction.Outcome outcome) {
        Compaction.Size before = outcome.before();
        Compaction.Size after = outcome.after();
        System.out.println(
                before.files() == 0
                        ? dataset + ": no files to merge"
                        : String.format(
                                Locale.ROOT,
                                "%s: merged %s (%,d bytes) of %s into %,d (%,d bytes)",
                                dataset,
                                Count.of(before.files(), "file"),
                                before.bytes(),
                                Count.of(outcome.chains(), "chain"),
                                after.files(),
                                after.bytes()));
        System.out.println(String.format(
                Locale.ROOT,
                "its commits are in %s now (%,d bytes)",
                Count.of(outcome.all().files(), "file"),
                outcome.all().bytes()));
        if (outcome.openChains() > 0) {
            System.out.println(Count.of(outcome.openChains(), "chain") + (outcome.openChains() == 1 ? " was" : " were")
                    + " left alone: a run may still append to them; compact again when it is complete");
        }
        if (before.files() > 0) {
            System.out.println(CommandName.in(
                    "the merged files are still stored; 'precept gc' deletes them after its --older-than"));
        }
    }
}

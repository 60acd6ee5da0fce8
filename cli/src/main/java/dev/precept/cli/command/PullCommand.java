package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.read.Pull;
import dev.precept.runtime.ExitCode;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept pull}: a view of a version, into a folder, checked. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = "Copies a view of a version into a folder and checks every file; given again, it goes on.")
final class PullCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATASET@NAME", description = "which version: a name such as v1, or a ref such as latest")
    private String version = "";

    @Option(
            names = "--view",
            paramLabel = "NAME",
            defaultValue = "sft",
            description = "which view (default ${DEFAULT-VALUE})")
    private String view = "sft";

    @Option(names = "--to", paramLabel = "DIR", description = "where to (default: ./NAME)")
    private @Nullable Path to;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "files at a time (default ${DEFAULT-VALUE})")
    private int parallel = 4;

    @Override
    public Integer call() throws InterruptedException, IOException {
        VersionRef named = VersionRef.of(version);
        if (parallel < 1) {
            throw new ConfigurationException("--parallel: give a whole number from 1");
        }
        String name = named.version();
        Dataset dataset = Dataset.openReadOnly(DatasetLocation.of(named.dataset()));
        Path folder = to == null ? Path.of(name) : to;
        Pull pull = Pull.prepare(dataset, name, view, folder);
        System.out.println(dataset.location() + "@" + pull.version() + " " + view + ": " + pull.files() + " files, "
                + String.format("%,d rows, %,d bytes", pull.rows(), pull.bytes()));
        int[] done = new int[2];
        try {
            pull.copy(parallel, copiedFile -> {
                done[copiedFile.copied() ? 0 : 1]++;
                System.out.println("  " + (done[0] + done[1]) + "/" + pull.files() + " " + copiedFile.path() + "  "
                        + (copiedFile.copied() ? "copied" : "was there"));
            });
        } catch (Pull.CorruptFileException e) {
            System.err.println(e.getMessage());
            return ExitCode.NOT_RELEASED.code();
        } catch (StoreException.Misconfigured | StoreException.Corrupt e) {
            throw e; // no outage
        } catch (IOException e) {
            System.err.println("pull to " + folder + ": stopped (" + FileErrors.describe(e)
                    + "); what is there is whole, the same command goes on");
            return ExitCode.WORK_LEFT.code();
        }
        System.out.println(folder + ": " + done[0] + " files copied, " + done[1] + " were there, every hash is right");
        return ExitCode.RELEASED.code();
    }
}

package dev.precept.cli.command;

import dev.precept.cli.terminal.Count;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.read.Pull;
import dev.precept.runtime.ExitCode;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept pull}. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = {
            "Copy views of a version into a folder and verify every file. Run it again to resume.",
            "The card in the folder names what was pulled; pull more into the same folder at any time."
        })
final class PullCommand implements Callable<Integer> {
    @Mixin
    private VersionArgument version = new VersionArgument();

    @Option(
            names = "--view",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "sft",
            description =
                    "views of the version, such as sft or preference, comma-separated, or all (default ${DEFAULT-VALUE})")
    private List<String> views = List.of("sft");

    @Option(names = "--split", paramLabel = "NAME", description = "train or validation (default: both)")
    private @Nullable String split;

    @Option(names = "--to", paramLabel = "DIR", description = "target folder (default: ./VERSION)")
    private @Nullable Path to;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "files copied in parallel (default ${DEFAULT-VALUE})")
    private int parallel = 4;

    @Override
    public Integer call() throws InterruptedException, IOException {
        VersionRef ref = version.ref();
        String name = ref.requireVersion();
        if (parallel < 1) {
            throw new ConfigurationException("--parallel: give a whole number from 1");
        }
        Dataset dataset = ref.openReadOnly();
        Path folder = to == null ? Path.of(name) : to;
        Pull pull = Pull.prepare(dataset, name, views, Optional.ofNullable(split), folder);
        System.out.println(
                dataset.location() + "@" + pull.version() + " " + pull.parts() + ": " + Count.of(pull.files(), "file")
                        + ", " + Count.of(pull.rows(), "row") + ", " + Count.of(pull.bytes(), "byte"));
        int[] done = new int[2];
        try {
            pull.copy(parallel, copiedFile -> {
                done[copiedFile.copied() ? 0 : 1]++;
                System.out.println("  " + (done[0] + done[1]) + "/" + pull.files() + " " + copiedFile.path() + "  "
                        + (copiedFile.copied() ? "copied" : "present"));
            });
        } catch (Pull.CorruptFileException e) {
            System.err.println(e.getMessage());
            return ExitCode.NOT_RELEASED.code();
        } catch (StoreException.Misconfigured | StoreException.Corrupt e) {
            throw e; // not an outage
        } catch (IOException e) {
            System.err.println("pull to " + folder + ": stopped (" + FileErrors.describe(e)
                    + "); copied files are complete, the same command resumes");
            return ExitCode.WORK_LEFT.code();
        }
        System.out.println(
                folder + ": " + Count.of(done[0], "file") + " copied, " + done[1] + " present, all hashes match");
        return ExitCode.RELEASED.code();
    }
}

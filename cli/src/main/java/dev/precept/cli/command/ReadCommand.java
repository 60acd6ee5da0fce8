package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.read.Cursor;
import dev.precept.dataset.read.FollowCursor;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.read.VersionReader;
import dev.precept.runtime.ExitCode;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept read}: rows as JSON lines, from any row on, of a version or of a run that is on. */
@Command(
        name = "read",
        mixinStandardHelpOptions = true,
        description =
                "Prints the rows of a version as JSON lines, each with the cursor to go on from; or follows a run.")
final class ReadCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "DATASET[@NAME]",
            description = "which version: a name such as v1, or a ref such as latest; without, --follow")
    private @Nullable String dataset;

    @Option(names = "--in", paramLabel = "DIR", description = "read what was pulled to a folder")
    private @Nullable Path pulled;

    @Option(
            names = "--view",
            paramLabel = "NAME",
            defaultValue = "sft",
            description = "which view (default ${DEFAULT-VALUE})")
    private String view = "sft";

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "train",
            description = "train or validation (default ${DEFAULT-VALUE})")
    private String split = "train";

    @Option(names = "--from", paramLabel = "CURSOR", description = "begin after the row or commit of this cursor")
    private @Nullable String from;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many rows")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "0",
            description = "only the shards of this rank, from 0")
    private int rank;

    @Option(
            names = "--world-size",
            paramLabel = "W",
            defaultValue = "1",
            description = "how many ranks share the shards")
    private int worldSize = 1;

    @Mixin
    private FollowOptions following = new FollowOptions();

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (limit < 1) {
            throw new ConfigurationException("--limit: give a whole number from 1");
        }
        JsonLinesPrinter lines = new JsonLinesPrinter(System.out);
        try {
            if (following.isEnabled()) {
                follow(lines);
            } else {
                read(lines);
            }
            lines.flush();
        } catch (JsonLinesPrinter.OutputClosedException e) {
            return ExitCode.RELEASED.code();
        } catch (Pull.CorruptFileException e) {
            System.err.println(e.getMessage());
            return ExitCode.NOT_RELEASED.code();
        } catch (StoreException.Misconfigured | StoreException.Corrupt e) {
            throw e; // no outage
        } catch (IOException e) {
            System.err.println("read: stopped (" + FileErrors.describe(e)
                    + "); the same command with --from and the last cursor goes on");
            return ExitCode.WORK_LEFT.code();
        }
        return ExitCode.RELEASED.code();
    }

    private void read(JsonLinesPrinter lines) throws IOException, Pull.CorruptFileException {
        VersionReader.Query query = new VersionReader.Query(view, split, rank, worldSize);
        Optional<Cursor> after = cursor(Cursor::parse);
        try (VersionReader rows =
                pulled == null ? released(query, after) : VersionReader.openFolder(pulled, query, after)) {
            for (long left = limit; left > 0; left--) {
                VersionReader.Row row = rows.next();
                if (row == null) {
                    return;
                }
                lines.writeRow("cursor", row.cursor().toString(), row.columns());
            }
        }
    }

    private VersionReader released(VersionReader.Query query, Optional<Cursor> after) {
        if (dataset == null || !VersionRef.namesVersion(dataset)) {
            throw new ConfigurationException("'" + (dataset == null ? "" : dataset)
                    + "' names no version; give DATASET@NAME, as in ./dataset@v1, or --in DIR, or --follow");
        }
        VersionRef named = VersionRef.of(dataset);
        Dataset opened = Dataset.openReadOnly(DatasetLocation.of(named.dataset()));
        return VersionReader.openVersion(opened, named.version(), query, after);
    }

    private void follow(JsonLinesPrinter lines) throws IOException, Pull.CorruptFileException, InterruptedException {
        if (dataset == null || VersionRef.namesVersion(dataset) || pulled != null || worldSize > 1 || rank > 0) {
            throw new ConfigurationException(
                    "--follow: give the DATASET alone, without a version, --in or --world-size; commits have no ranks");
        }
        Dataset opened = Dataset.openReadOnly(DatasetLocation.of(dataset));
        following.follow(opened, view, split, cursor(FollowCursor::parse), limit, lines);
    }

    private <C> Optional<C> cursor(Function<String, C> parse) {
        try {
            return Optional.ofNullable(from).map(parse);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--from: " + e.getMessage());
        }
    }
}

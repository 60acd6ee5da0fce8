package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
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

/** {@code precept read}. */
@Command(
        name = "read",
        mixinStandardHelpOptions = true,
        description =
                "Print the rows of a version as JSON lines. Each row has a cursor to resume from. --follow prints rows"
                        + " of open runs as they are committed.")
final class ReadCommand implements Callable<Integer> {
    @Mixin
    private VersionArgument where = new VersionArgument();

    @Option(names = "--in", paramLabel = "DIR", description = "read a pulled folder")
    private @Nullable Path pulled;

    @Mixin
    private ViewOption view = new ViewOption();

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "train",
            description = "train or validation (default ${DEFAULT-VALUE})")
    private String split = "train";

    @Option(names = "--from", paramLabel = "CURSOR", description = "start after the row or commit of this cursor")
    private @Nullable String from;

    @Option(names = "--limit", paramLabel = "N", description = "maximum number of rows")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "0",
            description = "read only the shards of this rank, from 0")
    private int rank;

    @Option(
            names = "--world-size",
            paramLabel = "W",
            defaultValue = "1",
            description = "number of ranks that share the shards")
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
            throw e; // not an outage
        } catch (IOException e) {
            System.err.println(
                    "read: stopped (" + FileErrors.describe(e) + "); resume with --from and the last cursor");
            return ExitCode.WORK_LEFT.code();
        }
        return ExitCode.RELEASED.code();
    }

    private void read(JsonLinesPrinter lines) throws IOException, Pull.CorruptFileException {
        VersionReader.Query query = new VersionReader.Query(view.name(), split, rank, worldSize);
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
        VersionRef ref = where.isGiven() ? where.ref() : VersionRef.parse("");
        if (ref.version().isEmpty()) {
            throw new ConfigurationException("'" + ref.argument()
                    + "' names no version; give DATASET@VERSION, as in ./dataset@v1, or --in DIR, or --follow");
        }
        return VersionReader.openVersion(ref.openReadOnly(), ref.requireVersion(), query, after);
    }

    private void follow(JsonLinesPrinter lines) throws IOException, Pull.CorruptFileException, InterruptedException {
        VersionRef ref = where.isGiven() ? where.ref() : VersionRef.parse("");
        if (!where.isGiven() || ref.version().isPresent() || pulled != null || worldSize > 1 || rank > 0) {
            throw new ConfigurationException(
                    "--follow: give DATASET alone, without a version, --in or --world-size; commits have no ranks");
        }
        following.follow(ref.openReadOnly(), view.name(), split, cursor(FollowCursor::parse), limit, lines);
    }

    private <C> Optional<C> cursor(Function<String, C> parse) {
        try {
            return Optional.ofNullable(from).map(parse);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--from: " + e.getMessage());
        }
    }
}

package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.release.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command that makes a version keeps its temporary files, and how many bytes of them. */
final class SpoolOptions {
    private static final Pattern SIZE = Pattern.compile("(?<count>\\d{1,9})(?<unit>MiB|GiB|TiB)");
    /** Other files of the machine keep the rest. */
    private static final double SHARE_OF_FREE = 0.8;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "folder for temporary files; one of the command's own is made in it and deleted (default:"
                    + " the temporary folder of the system)")
    private @Nullable Path folder;

    @Option(
            names = "--spool-bytes",
            paramLabel = "SIZE",
            description = "limit of the temporary files, such as 20GiB; less space takes more passes over the rows"
                    + " (default: 80%% of what is free)")
    private @Nullable String limit;

    private long bytes;

    interface ReleaseAction {
        Release.Result make(Path spool) throws IOException;
    }

    /** Makes a version with temporary files in a folder, and prints the result. */
    int runIn(OutputOption output, ReleaseAction action) throws IOException {
        return ReleaseReport.print(output, action.make(open())).code();
    }

    /** The folder for temporary files, made if it does not exist. */
    Path open() throws IOException {
        Path parent = folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : folder;
        Files.createDirectories(parent);
        bytes = limit == null ? (long) (Files.getFileStore(parent).getUsableSpace() * SHARE_OF_FREE) : parse(limit);
        return parent;
    }

    /** The limit; known after {@link #open}. */
    long bytes() {
        return bytes;
    }

    private static long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new ConfigurationException("--spool-bytes: '" + text + "' is not a size; give one such as 20GiB");
        }
        long count = Long.parseLong(size.group("count"));
        return switch (size.group("unit")) {
            case "MiB" -> count << 20;
            case "GiB" -> count << 30;
            default -> count << 40;
        };
    }
}

package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.read.DatasetFollower;
import dev.precept.dataset.read.FollowCursor;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code precept read --follow}. */
final class FollowOptions {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    @Option(
            names = "--follow",
            description = "print rows of new commits until all runs are complete, and a cursor before the first row and"
                    + " after each commit")
    private boolean follow;

    @Option(names = "--forever", description = "with --follow: continue when all runs are complete")
    private boolean forever;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description =
                    "with --follow: share of prompts in the validation split (default: that of the newest version,"
                            + " or 0)")
    private @Nullable Double validation;

    boolean isEnabled() {
        if (forever && !follow) {
            throw new ConfigurationException("--forever: requires --follow");
        }
        return follow;
    }

    void follow(
            Dataset dataset, String view, String split, Optional<FollowCursor> from, long limit, JsonLinesPrinter lines)
            throws IOException, Pull.CorruptFileException, InterruptedException {
        if (validation != null && !(validation >= 0 && validation < 1)) {
            throw new ConfigurationException("--validation: give a share from 0 to below 1");
        }
        double share = validation == null ? DatasetFollower.validationShare(dataset) : validation;
        DatasetFollower.Query query = new DatasetFollower.Query(
                View.byLabel(view)
                        .orElseThrow(() -> new ConfigurationException("--view: there is no view '" + view + "'")),
                parseSplit(split),
                share);
        DatasetFollower rows = DatasetFollower.open(dataset, query, from);
        lines.writeCursor(from.orElse(rows.cursor()).toString());
        Printer printer = new Printer(lines, limit);
        while (printer.left > 0) {
            if (!rows.poll(printer)) {
                if (rows.isComplete() && !forever) {
                    return;
                }
                lines.flush();
                Thread.sleep(POLL_INTERVAL);
            }
        }
    }

    private static Split parseSplit(String label) {
        return Arrays.stream(Split.values())
                .filter(split -> split.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("--split: give train or validation"));
    }

    private static final class Printer implements DatasetFollower.RowHandler {
        private final JsonLinesPrinter lines;
        private long left;

        Printer(JsonLinesPrinter lines, long left) {
            this.lines = lines;
            this.left = left;
        }

        @Override
        public boolean onRow(FollowCursor.RowPosition rowPosition, IndexedRecord row) throws IOException {
            if (left == 0) {
                return false;
            }
            lines.writeRow("at", rowPosition.toString(), row);
            left--;
            return true;
        }

        @Override
        public void onCommit(FollowCursor next, long rows) throws IOException {
            lines.writeCursor(next.toString());
        }
    }
}

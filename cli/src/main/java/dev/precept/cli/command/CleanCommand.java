package dev.precept.cli.command;

import dev.precept.cli.admin.ClosedRunCleanup;
import dev.precept.cli.admin.DatasetReset;
import dev.precept.cli.run.CommandAudit;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.ExitCode;
import dev.precept.streams.maintenance.LedgerExpiry;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/** {@code precept topics clean}: says what goes, and removes it. */
record CleanCommand(KafkaAccess kafka, Dataset dataset, PrintStream out) {
    /** For a topology that is busy, or whose pods move. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String DATASET = "the dataset, its chains and versions stay as they are";

    /** @throws ConfigurationException if the dataset was made with other topics than the recipe names */
    void requireSameDataset() {
        if (!dataset.topicPrefix().equals(kafka.namespace().prefix())) {
            throw new ConfigurationException("topics.prefix: the dataset " + dataset.location() + " was made with "
                    + dataset.topicPrefix() + ", not " + kafka.namespace().prefix() + "; give that");
        }
        if (dataset.partitions() != kafka.partitions()) {
            throw new ConfigurationException("topics.partitions: the dataset " + dataset.location() + " was made with "
                    + dataset.partitions() + ", not " + kafka.partitions() + "; give that");
        }
    }

    /**
     * @param remove whether it is done, or only said
     * @return {@link ExitCode#WORK_LEFT} if who runs the topology did not let the rows of the ledger go
     */
    ExitCode run(String runId, boolean remove) throws InterruptedException, IOException {
        ClosedRunCleanup closedRunCleanup = ClosedRunCleanup.prepare(kafka, dataset, runId);
        try (LedgerExpiry ledger = new LedgerExpiry(kafka, runId)) {
            long rows = ledger.deletableRows();
            ClosedRunCleanup.Leftovers leftovers = closedRunCleanup.findLeftovers();
            printLeftovers(leftovers, rows);
            if (leftovers.isEmpty() && rows == 0) {
                out.println("run " + runId + ": nothing of it is left to remove");
                return ExitCode.RELEASED;
            }
            if (!remove) {
                out.println("run " + runId + ": would be removed");
                return ExitCode.RELEASED;
            }
            CommandAudit.record(dataset, Audit.Action.CLEAN, Map.of("run", runId));
            LedgerExpiry.Outcome outcome = ledger.requestDeletion(PATIENCE);
            // Once more: what the topology was asked is a record too.
            closedRunCleanup.delete(closedRunCleanup.findLeftovers());
            out.println("run " + runId + ": removed; " + DATASET);
            return report("run " + runId + ": ", rows, ledger.deletableRows(), outcome);
        }
    }

    private void printLeftovers(ClosedRunCleanup.Leftovers leftovers, long rows) {
        leftovers.records().forEach((topic, count) -> out.println(topic + "  " + count + " offsets"));
        leftovers.keys().forEach((topic, keys) -> {
            if (!keys.isEmpty()) {
                out.println(kafka.namespace().name(topic) + "  " + keys.size() + " keys");
            }
        });
        if (rows > 0) {
            out.println("ledger  " + rows + " rows");
        }
    }

    private ExitCode report(String run, long before, long left, LedgerExpiry.Outcome outcome) {
        return switch (outcome) {
            case DELETED -> {
                if (before > 0) {
                    out.println(run + before + " rows of the ledger are gone");
                }
                yield ExitCode.RELEASED;
            }
            case NOT_RUNNING -> {
                out.println(run + left + " rows of the ledger go when the streams role runs next; it is asked to");
                yield ExitCode.RELEASED;
            }
            case PENDING -> {
                out.println(run + left
                        + " rows of the ledger are left: the streams role is asked to let them go, and did"
                        + " not for " + PATIENCE.toSeconds() + " s; it will when it comes to it, clean again to see");
                yield ExitCode.WORK_LEFT;
            }
            case NOT_DELETED -> {
                out.println(
                        run + left + " rows of the ledger are left: the streams role was asked to let them go, and kept"
                                + " them, as a version before this one does; upgrade it, then clean again");
                yield ExitCode.WORK_LEFT;
            }
        };
    }

    /** @param remove whether it is done, or only said */
    void resetDataset(boolean remove) throws InterruptedException, IOException {
        ClosedRunCleanup.requireClosed(dataset);
        DatasetReset all = DatasetReset.find(kafka);
        all.topics().forEach(topic -> out.println("topic " + topic));
        all.groups().forEach(group -> out.println("group " + group));
        out.println("schemas of " + kafka.namespace().prefix() + ".*");
        if (remove) {
            all.requireIdle();
            CommandAudit.record(
                    dataset, Audit.Action.CLEAN, Map.of("all", kafka.namespace().prefix()));
            all.delete();
            out.println("removed; " + DATASET);
        } else {
            out.println("would be removed; give --yes to remove it");
        }
    }
}

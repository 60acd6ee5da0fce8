package dev.precept.cli.command;

import dev.precept.cli.admin.ClosedRunCleanup;
import dev.precept.cli.admin.DatasetReset;
import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.terminal.Count;
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

/** {@code precept topics clean}: prints what a closed run left in Kafka, and deletes it. */
record CleanCommand(KafkaAccess kafka, Dataset dataset, PrintStream out) {
    /** Long enough for a busy topology and for a rebalance. */
    private static final Duration DELETION_TIMEOUT = Duration.ofSeconds(60);

    private static final String DATASET = "the dataset is not changed";

    /** @throws ConfigurationException if the dataset was made with other topics than the recipe names */
    void requireSameDataset() {
        if (!dataset.topicPrefix().equals(kafka.namespace().prefix())) {
            throw new ConfigurationException("topics.prefix: the dataset " + dataset.location() + " was created with "
                    + dataset.topicPrefix() + ", not " + kafka.namespace().prefix() + "; give the same value");
        }
        dataset.requirePartitions(kafka.partitions());
    }

    /**
     * @param delete false to print only
     * @return {@link ExitCode#WORK_LEFT} if the topology did not delete the ledger rows
     */
    ExitCode run(String runId, boolean delete) throws InterruptedException, IOException {
        ClosedRunCleanup closedRunCleanup = ClosedRunCleanup.prepare(kafka, dataset, runId);
        try (LedgerExpiry ledger = new LedgerExpiry(kafka, runId)) {
            long rows = ledger.deletableRows();
            ClosedRunCleanup.Leftovers leftovers = closedRunCleanup.findLeftovers();
            printLeftovers(leftovers, rows);
            if (leftovers.isEmpty() && rows == 0) {
                out.println("run " + runId + ": nothing left to delete");
                return ExitCode.RELEASED;
            }
            if (!delete) {
                out.println("run " + runId + ": would be deleted");
                return ExitCode.RELEASED;
            }
            CommandAudit.record(dataset, Audit.Action.CLEAN, Map.of("run", runId));
            LedgerExpiry.Outcome outcome = ledger.requestDeletion(DELETION_TIMEOUT);
            // Again: the request to the topology is a record too.
            closedRunCleanup.delete(closedRunCleanup.findLeftovers());
            out.println("run " + runId + ": deleted; " + DATASET);
            return report("run " + runId + ": ", rows, ledger.deletableRows(), outcome);
        }
    }

    private void printLeftovers(ClosedRunCleanup.Leftovers leftovers, long rows) {
        leftovers.records().forEach((topic, count) -> out.println(topic + "  " + Count.of(count, "offset")));
        leftovers.keys().forEach((topic, keys) -> {
            if (!keys.isEmpty()) {
                out.println(kafka.namespace().name(topic) + "  " + Count.of(keys.size(), "key"));
            }
        });
        if (rows > 0) {
            out.println("ledger  " + Count.of(rows, "row"));
        }
    }

    private ExitCode report(String run, long before, long left, LedgerExpiry.Outcome outcome) {
        return switch (outcome) {
            case DELETED -> {
                if (before > 0) {
                    out.println(run + Count.of(before, "ledger row") + " deleted");
                }
                yield ExitCode.RELEASED;
            }
            case NOT_RUNNING -> {
                out.println(run + Count.of(left, "ledger row") + " will be deleted when the streams role next starts");
                yield ExitCode.RELEASED;
            }
            case PENDING -> {
                out.println(run + Count.of(left, "ledger row") + " left: the streams role has not deleted them within "
                        + DELETION_TIMEOUT.toSeconds() + " s; run clean again to check");
                yield ExitCode.WORK_LEFT;
            }
            case NOT_DELETED -> {
                out.println(run + Count.of(left, "ledger row")
                        + " left: the streams role ignored the request to delete them, as"
                        + " older versions do; upgrade it, then run clean again");
                yield ExitCode.WORK_LEFT;
            }
        };
    }

    /** @param delete false to print only */
    void resetDataset(boolean delete) throws InterruptedException, IOException {
        ClosedRunCleanup.requireClosed(dataset);
        DatasetReset reset = DatasetReset.find(kafka);
        reset.topics().forEach(topic -> out.println("topic " + topic));
        reset.groups().forEach(group -> out.println("group " + group));
        out.println("schemas of " + kafka.namespace().prefix() + ".*");
        if (delete) {
            reset.requireIdle();
            CommandAudit.record(
                    dataset, Audit.Action.CLEAN, Map.of("all", kafka.namespace().prefix()));
            reset.delete();
            out.println("deleted; " + DATASET);
        } else {
            out.println("would be deleted; give --yes to delete");
        }
    }
}

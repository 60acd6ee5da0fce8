package dev.precept.dataset;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The committed rows of one run over all its topics: what remains of the run when Kafka is lost. */
public final class CommittedRun {
    private final Dataset dataset;
    private final Dataset.RunEntry run;
    private final List<CommittedRows.ChainEnd> chains;

    private CommittedRun(Dataset dataset, Dataset.RunEntry run, List<CommittedRows.ChainEnd> chains) {
        this.dataset = dataset;
        this.run = run;
        this.chains = chains;
    }

    /**
     * Opens a run and verifies that its chains have no gap.
     *
     * @throws ConfigurationException if a chain has a gap, or a commit is not one
     * @throws IOException if the store fails
     */
    public static CommittedRun open(Dataset dataset, Dataset.RunEntry run) throws IOException {
        try {
            List<CommittedRows.ChainEnd> chains = new ArrayList<>();
            for (ChainCommits each : dataset.chainReader().read(dataset.chains(run))) {
                chains.add(new CommittedRows.ChainEnd(each.chain(), each.requireContiguous()));
            }
            return new CommittedRun(dataset, run, chains);
        } catch (StoreException.Corrupt e) {
            throw new ConfigurationException("dataset " + e.getMessage()
                    + "; put it back from a backup, 'precept verify' lists what else is missing");
        }
    }

    /**
     * Reads the rows of one partition: rejections first, in the order of their attempts. Each file is verified against its
     * commit.
     *
     * @throws IOException if the store fails, or a data file does not match its commit
     */
    public void read(int partition, Consumer<Sample> samples, Consumer<Rejection> rejections) throws IOException {
        List<CommittedRows.ChainEnd> ends = chains.stream()
                .filter(end -> end.chain().id().partition() == partition)
                .toList();
        CommittedRows rows = new CommittedRows(dataset, ends, List.of(run));
        rows.forEach(Topics.REJECTIONS.name(), Rejection.class, row -> {
            if (row.getRunId().equals(run.runId())) {
                rejections.accept(row);
            }
        });
        rows.forEach(Topics.SAMPLES.name(), Sample.class, row -> {
            if (row.getRunId().equals(run.runId())) {
                samples.accept(row);
            }
        });
    }
}

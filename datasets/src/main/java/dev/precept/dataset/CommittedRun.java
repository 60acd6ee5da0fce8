package dev.precept.dataset;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.Chain;
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

    private CommittedRun(Dataset dataset, Dataset.RunEntry run) {
        this.dataset = dataset;
        this.run = run;
    }

    /**
     * Opens a run and verifies that its chains have no gap.
     *
     * @throws ConfigurationException if a chain has a gap, or a commit is not one
     * @throws IOException if the store fails
     */
    public static CommittedRun open(Dataset dataset, Dataset.RunEntry run) throws IOException {
        try {
            for (Chain chain : dataset.chains(run)) {
                chain.requireContiguous();
            }
            return new CommittedRun(dataset, run);
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
        List<CommittedRows.ChainEnd> ends = new ArrayList<>();
        for (Chain chain : dataset.chains(run)) {
            if (chain.id().partition() == partition) {
                ends.add(new CommittedRows.ChainEnd(chain, chain.commitsFrom(0)));
            }
        }
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

package dev.precept.sinks;

import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.Commit;
import dev.precept.sinks.parquet.ParquetFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;

/** The rows of a dataset as committed at one moment: the offsets vector, and a way to read everything below it. */
final class CommittedRows {
    private final Dataset dataset;
    private final List<ChainEnd> chains;
    private final Set<String> verified = new HashSet<>();

    CommittedRows(Dataset dataset, List<ChainEnd> chains) {
        this.dataset = dataset;
        this.chains = chains;
    }

    /** One entry of the offsets vector, with the commits below it. */
    record ChainEnd(Chain chain, List<Commit> commits) {
        long to() {
            return commits.isEmpty() ? 0 : commits.getLast().to();
        }
    }

    interface Reader<R> {
        void read(R row) throws IOException;
    }

    static CommittedRows of(Dataset dataset) throws IOException {
        List<ChainEnd> ends = new ArrayList<>();
        for (String topic : List.of("rejections", "samples")) {
            for (Chain chain : dataset.chainsOf(topic)) {
                chain.requireContiguous();
                ends.add(new ChainEnd(chain, chain.from(0)));
            }
        }
        return new CommittedRows(dataset, ends);
    }

    List<ChainEnd> chains() {
        return chains;
    }

    /** Reads every committed row of a topic, chain by chain. Each file is held against its commit before its first use. */
    <R extends SpecificRecord> void each(String topic, Class<R> type, Reader<R> reader) throws IOException {
        for (ChainEnd end : chains) {
            if (!end.chain().id().topic().equals(topic)) {
                continue;
            }
            for (Commit commit : end.commits()) {
                if (commit.data() != null) {
                    each(file(commit, commit.data()), type, reader);
                }
            }
        }
    }

    private Path file(Commit commit, String key) throws IOException {
        Path file = dataset.store().fetch(key);
        if (verified.add(key)) {
            ParquetFiles.Checked found = ParquetFiles.check(file);
            if (!Objects.equals(found.sha256(), commit.sha256()) || found.rows() != commit.rows()) {
                throw new IOException(key + " is not the file that was committed: " + found.rows() + " rows and sha256 "
                        + found.sha256() + ", committed were " + commit.rows() + " and " + commit.sha256());
            }
        }
        return file;
    }

    private static <R extends SpecificRecord> void each(Path file, Class<R> type, Reader<R> reader) throws IOException {
        try (ParquetReader<R> rows = ParquetFiles.reader(file, type)) {
            for (R row = rows.read(); row != null; row = rows.read()) {
                reader.read(row);
            }
        }
    }
}

package dev.precept.dataset.evidence;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.dataset.spool.Parallel;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.ParquetReader;

/** Counts the kept samples of a version in the committed rows, and reads their reasoning again. */
final class KeptScan {
    private static final List<String> TEXTS =
            List.of("sample_id", "messages.content", "messages.reasoning_content", "messages.tool_calls");

    private final CommittedRows rows;
    private final KeptSamples kept;
    private final CitationReaders readers;
    private final EvidenceScan.Opener opener;

    KeptScan(CommittedRows rows, KeptSamples kept, CitationReaders readers, EvidenceScan.Opener opener) {
        this.rows = rows;
        this.kept = kept;
        this.readers = readers;
        this.opener = opener;
    }

    /** @param readmitted whether rejected attempts may be among the kept samples */
    SampleTally scan(boolean readmitted, int threads) throws IOException {
        List<StoredRows> samples = rows.files(Topics.SAMPLES.name());
        List<StoredRows> attempts = readmitted ? rows.files(Topics.REJECTIONS.name()) : List.of();
        SampleTally sum = new SampleTally();
        Parallel.inOrder(
                threads,
                samples.size() + attempts.size(),
                n -> n < samples.size() ? samples(samples.get(n)) : attempts(attempts.get(n - samples.size())),
                sum::add);
        return sum;
    }

    private SampleTally samples(StoredRows range) throws IOException {
        SampleTally tally = new SampleTally();
        List<String> columns = new ArrayList<>(SampleTally.COLUMNS);
        columns.addAll(TEXTS);
        Path file = opener.open(range);
        try (ParquetReader<GenericRecord> reader =
                ProjectedReader.openNullable(file, Sample.getClassSchema(), columns)) {
            EvidenceScan.forEach(reader, range, record -> {
                Row row = new Row(record);
                if (kept.contains(row.requireText("sample_id"))) {
                    tally.add(row, readers.read(row));
                }
            });
        }
        rows.discard(file);
        return tally;
    }

    private SampleTally attempts(StoredRows range) throws IOException {
        SampleTally tally = new SampleTally();
        Path file = opener.open(range);
        try (ParquetReader<Rejection> reader = ParquetFiles.reader(file, Rejection.class)) {
            EvidenceScan.forEach(reader, range, rejection -> {
                Optional<Sample> attempt = RejectedAttempts.asSample(rejection);
                if (attempt.isPresent() && kept.contains(attempt.get().getSampleId())) {
                    Row row = new Row(attempt.get());
                    tally.add(row, readers.read(row));
                }
            });
        }
        rows.discard(file);
        return tally;
    }
}

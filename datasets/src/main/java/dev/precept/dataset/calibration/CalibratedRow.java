package dev.precept.dataset.calibration;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A row that a person has judged, with its texts.
 *
 * @param conversation the turns of the prompt
 * @param reasoning may be empty
 */
public record CalibratedRow(
        Calibration calibration, List<Message> conversation, List<String> categories, String reasoning, String answer) {
    private static final Logger log = LoggerFactory.getLogger(CalibratedRow.class);

    public CalibratedRow {
        conversation = List.copyOf(conversation);
        categories = List.copyOf(categories);
    }

    /**
     * The rows of the calibrations that count. A row that was purged is left out, and logged.
     *
     * @throws IOException if the store fails
     */
    public static List<CalibratedRow> readAll(Dataset dataset) throws IOException {
        List<CalibratedRow> rows = new ArrayList<>();
        List<Calibration> calibrations = Calibration.readCurrent(dataset);
        if (calibrations.isEmpty()) {
            return rows;
        }
        Rewrites rewrites = Rewrites.read(dataset);
        for (Calibration calibration : calibrations) {
            Optional<CalibratedRow> row = read(dataset, rewrites, calibration);
            if (row.isEmpty()) {
                log.atInfo()
                        .addKeyValue("calibration", calibration.key())
                        .log("the row of a calibration is no longer in the dataset");
            }
            row.ifPresent(rows::add);
        }
        return rows;
    }

    private static Optional<CalibratedRow> read(Dataset dataset, Rewrites rewrites, Calibration calibration)
            throws IOException {
        Chain chain = new Chain(dataset.store(), calibration.place().chain());
        for (ChainCommits commits : dataset.chainReader().read(List.of(chain))) {
            for (Commit commit : commits.commits()) {
                if (commit.from() == calibration.place().from()) {
                    Optional<StoredRows> rows = rewrites.currentRows(commit);
                    return rows.isEmpty() ? Optional.empty() : read(dataset, rows.get(), calibration);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<CalibratedRow> read(Dataset dataset, StoredRows rows, Calibration calibration)
            throws IOException {
        Path file = dataset.store().fetch(rows.file().key());
        try {
            return calibration.place().chain().topic().equals(Topics.SAMPLES.name())
                    ? find(file, rows, Sample.class, sample -> of(calibration, sample))
                    : find(file, rows, Rejection.class, rejection -> of(calibration, rejection));
        } finally {
            dataset.store().discard(file);
        }
    }

    private static <R extends SpecificRecord> Optional<CalibratedRow> find(
            Path file, StoredRows rows, Class<R> type, Function<R, Optional<CalibratedRow>> wanted) throws IOException {
        try (ParquetReader<R> reader = ParquetFiles.reader(file, type, rows.firstRow())) {
            for (long at = 0; at < rows.rows(); at++) {
                Optional<CalibratedRow> row = wanted.apply(Objects.requireNonNull(reader.read()));
                if (row.isPresent()) {
                    return row;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<CalibratedRow> of(Calibration calibration, Sample sample) {
        List<Message> messages = sample.getMessages();
        return sample.getSampleId().equals(calibration.sampleId())
                ? Optional.of(new CalibratedRow(
                        calibration,
                        messages.subList(0, messages.size() - 1),
                        sample.getCategory(),
                        sample.getReasoning(),
                        sample.getAnswer()))
                : Optional.empty();
    }

    private static Optional<CalibratedRow> of(Calibration calibration, Rejection rejection) {
        List<Message> messages = rejection.getMessages();
        String answer = rejection.getAnswer();
        return messages != null
                        && answer != null
                        && !rejection.getTerminal()
                        && RejectedAttempts.sampleId(rejection)
                                .filter(calibration.sampleId()::equals)
                                .isPresent()
                ? Optional.of(new CalibratedRow(
                        calibration,
                        messages,
                        Objects.requireNonNullElse(rejection.getCategory(), List.of()),
                        Objects.requireNonNullElse(rejection.getReasoning(), ""),
                        answer))
                : Optional.empty();
    }
}

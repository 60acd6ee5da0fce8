package dev.precept.dataset.calibration;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
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
     * The rows of the calibrations that count. A row that was purged is left out, and logged. Each file is read once.
     *
     * @throws IOException if the store fails
     */
    public static List<CalibratedRow> readAll(Dataset dataset) throws IOException {
        Map<ChainId, Map<Long, List<Calibration>>> byCommit = new HashMap<>();
        List<Calibration> calibrations = Calibration.readCurrent(dataset);
        for (Calibration each : calibrations) {
            byCommit.computeIfAbsent(each.place().chain(), _ -> new HashMap<>())
                    .computeIfAbsent(each.place().from(), _ -> new ArrayList<>())
                    .add(each);
        }
        Map<Long, CalibratedRow> found = new HashMap<>();
        if (calibrations.isEmpty()) {
            return List.of();
        }
        Rewrites rewrites = Rewrites.read(dataset);
        for (Map.Entry<ChainId, Map<Long, List<Calibration>>> chain : byCommit.entrySet()) {
            for (ChainCommits commits :
                    dataset.chainReader().read(List.of(new Chain(dataset.store(), chain.getKey())))) {
                for (Commit commit : commits.commits()) {
                    List<Calibration> wanted = chain.getValue().getOrDefault(commit.from(), List.of());
                    Optional<StoredRows> rows = wanted.isEmpty() ? Optional.empty() : rewrites.currentRows(commit);
                    if (rows.isPresent()) {
                        read(dataset, rows.get(), wanted, found);
                    }
                }
            }
        }
        return calibrations.stream()
                .map(calibration -> row(calibration, found))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<CalibratedRow> row(Calibration calibration, Map<Long, CalibratedRow> found) {
        Optional<CalibratedRow> row = Optional.ofNullable(found.get(calibration.number()));
        if (row.isEmpty()) {
            log.atInfo()
                    .addKeyValue("calibration", calibration.key())
                    .log("the row of a calibration is no longer in the dataset");
        }
        return row;
    }

    private static void read(Dataset dataset, StoredRows rows, List<Calibration> wanted, Map<Long, CalibratedRow> found)
            throws IOException {
        Path file = dataset.store().fetch(rows.file().key());
        try {
            if (wanted.getFirst().place().chain().topic().equals(Topics.SAMPLES.name())) {
                find(file, rows, Sample.class, wanted, CalibratedRow::of, found);
            } else {
                find(file, rows, Rejection.class, wanted, CalibratedRow::of, found);
            }
        } finally {
            dataset.store().discard(file);
        }
    }

    private static <R extends SpecificRecord> void find(
            Path file,
            StoredRows rows,
            Class<R> type,
            List<Calibration> wanted,
            BiFunction<Calibration, R, Optional<CalibratedRow>> matching,
            Map<Long, CalibratedRow> found)
            throws IOException {
        try (ParquetReader<R> reader = ParquetFiles.reader(file, type, rows.firstRow())) {
            for (long at = 0; at < rows.rows(); at++) {
                R record = Objects.requireNonNull(reader.read());
                for (Calibration calibration : wanted) {
                    matching.apply(calibration, record).ifPresent(row -> found.put(calibration.number(), row));
                }
            }
        }
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

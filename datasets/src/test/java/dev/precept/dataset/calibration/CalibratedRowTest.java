package dev.precept.dataset.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.SlotId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibratedRowTest {
    @TempDir
    private Path folder;

    private final List<String> read = new ArrayList<>();
    private Dataset dataset;
    private ChainId samples;
    private ChainId rejections;

    @BeforeEach
    void commit() throws IOException {
        CommittedDataset committed = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        committed.samples(
                0, IntStream.range(0, 20).mapToObj(NeutralRows::sample).toList());
        committed.rejections(0, List.of(attempt()));
        committed.complete();
        samples = chain(committed, "data/samples-topic-s-0/");
        rejections = chain(committed, "data/rejections-topic-r-0/");
        dataset = Dataset.openExisting(new DelegatingStore(committed.store()) {
            @Override
            public Path fetch(String key) throws IOException {
                read.add(key);
                return super.fetch(key);
            }

            @Override
            public Optional<byte[]> read(String key) throws IOException {
                read.add(key);
                return super.read(key);
            }
        });
    }

    private static ChainId chain(CommittedDataset committed, String prefix) throws IOException {
        return ChainId.parseDataKey(committed.store().list(prefix).getFirst())
                .orElseThrow()
                .chain();
    }

    private static Rejection attempt() {
        return NeutralRows.attempt(30, 1, 1, 2);
    }

    private Calibration store(String id, ChainId chain) throws IOException {
        return Calibration.store(
                dataset,
                id,
                Calibration.Verdict.TURN_AWAY,
                new Calibration.Place(chain, 0),
                "me",
                Instant.EPOCH,
                "wrong");
    }

    @Test
    void rowsAreReadInOrderAndEachFileOnce() throws IOException {
        String attempt = SlotId.sampleId(
                NeutralRows.RUN, attempt().getSlotId() + "/" + attempt().getAttempt());
        Calibration _ = store(attempt, rejections);
        for (int n : List.of(7, 3, 15)) {
            Calibration _ = store(NeutralRows.sample(n).getSampleId(), samples);
        }
        Calibration _ = store("0".repeat(64), samples); // purged
        read.clear();
        assertThat(CalibratedRow.readAll(dataset))
                .extracting(row -> row.calibration().sampleId())
                .containsExactly(
                        attempt,
                        NeutralRows.sample(7).getSampleId(),
                        NeutralRows.sample(3).getSampleId(),
                        NeutralRows.sample(15).getSampleId());
        assertThat(read).filteredOn(key -> key.startsWith(Layout.DATA)).hasSize(2);
        Sample seventh = NeutralRows.sample(7);
        assertThat(CalibratedRow.readAll(dataset).get(1).answer()).isEqualTo(seventh.getAnswer());
    }

    @Test
    void aVerdictIsStoredWithoutReadingTheOthers() throws IOException {
        for (int n = 0; n < 5; n++) {
            Calibration _ = store(NeutralRows.sample(n).getSampleId(), samples);
        }
        read.clear();
        assertThat(store(NeutralRows.sample(9).getSampleId(), samples).number()).isEqualTo(6);
        assertThat(read).hasSizeLessThan(2);
    }
}

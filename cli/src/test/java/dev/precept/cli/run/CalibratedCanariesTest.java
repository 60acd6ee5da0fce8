package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.calibration.Calibration;
import dev.precept.dataset.calibration.Calibration.Verdict;
import dev.precept.judging.canary.KnownAnswer;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.spec.Specification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratedCanariesTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void whatPersonsCorrectedIsJudgedAsACanaryWithItsOwnTexts() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        Rejection failed = NeutralRows.attempt(4, 0, 1, 3);
        dataset.samples(1, List.of(NeutralRows.sample(1), NeutralRows.sample(2)));
        dataset.rejections(0, List.of(failed));
        store(dataset, NeutralRows.sample(2).getSampleId(), Verdict.TURN_AWAY, "samples", 1);
        store(dataset, RejectedAttempts.sampleId(failed).orElseThrow(), Verdict.KEEP, "rejections", 0);
        store(dataset, "0".repeat(64), Verdict.KEEP, "samples", 1); // purged since

        List<KnownAnswer> canaries = read(dataset, Optional.empty());

        assertThat(canaries).extracting(KnownAnswer::id).containsExactly("calibration-1", "calibration-2");
        assertThat(canaries).extracting(KnownAnswer::keep).containsExactly(false, true);
        assertThat(canaries)
                .extracting(KnownAnswer::answer)
                .containsExactly(NeutralRows.sample(2).getAnswer(), "Bad answer 1");
        assertThat(canaries.getFirst().conversation())
                .extracting(Message::getRole)
                .containsExactly("developer", "user");
        assertThat(canaries.getFirst().categories())
                .isEqualTo(NeutralRows.sample(2).getCategory());
        assertThat(CalibratedCanaries.read(Optional.empty(), Optional.empty(), System.err))
                .isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    /** The specification has changed since the row was judged: a judge could not be shown its clauses. */
    @Test
    void aRowOfACategoryThatTheSpecificationNoLongerHasIsLeftOutWithALine() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(1, List.of(NeutralRows.sample(2)));
        store(dataset, NeutralRows.sample(2).getSampleId(), Verdict.KEEP, "samples", 1);
        Path spec = Files.createDirectories(folder.resolve("spec"));
        Files.writeString(spec.resolve("terms.md"), "## Terms {#a-terms}\n\nWords.\n");
        Files.writeString(
                spec.resolve("spec.yaml"),
                "name: t\nprinciples: []\ncategories:\n  - {name: other, summary: s, clauses: [a-terms]}\n");

        assertThat(read(dataset, Optional.of(RunPlan.specification(spec)))).isEmpty();

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("note: calibration-1 is no canary of this run: the specification has no category '"
                        + String.join("', '", NeutralRows.sample(2).getCategory()) + "'" + System.lineSeparator());
    }

    private List<KnownAnswer> read(CommittedDataset dataset, Optional<Specification> specification) {
        return CalibratedCanaries.read(
                Optional.of(dataset.dataset()), specification, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static void store(CommittedDataset dataset, String id, Verdict verdict, String topic, int partition)
            throws IOException {
        Calibration _ = Calibration.store(
                dataset.dataset(),
                id,
                verdict,
                new Calibration.Place(CommittedDataset.chain(topic, partition), 0),
                "Ada",
                Instant.EPOCH,
                "seen");
    }
}

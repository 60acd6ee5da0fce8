package dev.precept.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.Audit;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.calibration.CalibratedRow;
import dev.precept.dataset.removal.Compaction;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
    private static final String KEPT = NeutralRows.sample(5).getSampleId();
    private static final String FAILED =
            RejectedAttempts.sampleId(NeutralRows.attempt(20, 0, 2, 3.5)).orElseThrow();

    @TempDir
    private Path folder;

    private static String body(String row, String verdict) {
        return new ObjectMapper()
                .createObjectNode()
                .put("row", row)
                .put("verdict", verdict)
                .put("why", "<b>it names no clause</b>")
                .put("who", "Ada")
                .toString();
    }

    @Test
    void aCorrectionIsStoredOnceAfterItsAuditRecordAndBecomesARowOfKnownQuality() throws IOException {
        CommittedDataset dataset = ConsoleFixture.dataset(folder);
        try (ConsoleFixture console = new ConsoleFixture(dataset)) {
            console.rows("");
            HttpResponse<String> stored = console.post("/api/calibrations", body(KEPT, "turn_away"));
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
            assertThat(ConsoleFixture.json(stored).path("file").asText())
                    .isEqualTo("calibration/00000000000000000001.json");
            assertThat(console.post("/api/calibrations", body(KEPT, "turn_away"))
                            .statusCode())
                    .as("the same again")
                    .isEqualTo(409);
            assertThat(console.post("/api/calibrations", body(FAILED, "keep")).statusCode())
                    .isEqualTo(201);
            JsonNode all = console.get("/api/calibrations").path("calibrations");
            assertThat(all.findValuesAsText("row")).containsExactly(KEPT, FAILED);
            assertThat(all.findValuesAsText("who")).containsExactly("Ada", "Ada");
        }
        assertThat(new Audit(dataset.dataset(), Clock.systemUTC()).entries())
                .extracting(Audit.Entry::action, entry -> entry.principal().actor(), Audit.Entry::details)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Audit.Action.CALIBRATE, "Ada", Map.of("sample", KEPT, "verdict", "turn_away")),
                        org.assertj.core.groups.Tuple.tuple(
                                Audit.Action.CALIBRATE, "Ada", Map.of("sample", FAILED, "verdict", "keep")));
        assertThat(CalibratedRow.readAll(dataset.dataset()))
                .extracting(CalibratedRow::answer)
                .containsExactly(NeutralRows.sample(5).getAnswer(), "Bad answer 2");
        dataset.complete();
        Compaction.execute(dataset.dataset(), folder.resolve("compaction"), Compaction.FILE_BYTES);
        assertThat(CalibratedRow.readAll(dataset.dataset()))
                .as("after a compaction the rows are elsewhere")
                .extracting(CalibratedRow::answer)
                .containsExactly(NeutralRows.sample(5).getAnswer(), "Bad answer 2");
        assertThat(dataset.store().list("calibration/")).hasSize(2);
    }

    @Test
    void theNewestVerdictOnARowCounts() throws IOException {
        CommittedDataset dataset = ConsoleFixture.dataset(folder);
        try (ConsoleFixture console = new ConsoleFixture(dataset)) {
            console.rows("");
            List<Integer> statuses = List.of(
                    console.post("/api/calibrations", body(KEPT, "turn_away")).statusCode(),
                    console.post("/api/calibrations", body(KEPT, "keep")).statusCode());
            assertThat(statuses).containsOnly(201);
        }
        assertThat(CalibratedRow.readAll(dataset.dataset()))
                .extracting(row -> row.calibration().number() + " "
                        + row.calibration().verdict().label())
                .containsExactly("2 keep");
    }

    @Test
    void whatCannotBeCorrectedIsRefusedAndLeavesNoTrace() throws IOException {
        CommittedDataset dataset = ConsoleFixture.dataset(folder);
        try (ConsoleFixture console = new ConsoleFixture(dataset)) {
            JsonNode invalid = console.rows("?outcome=invalid").path("rows").path(0);
            assertThat(console.post("/api/calibrations", body(invalid.path("id").asText(), "keep"))
                            .statusCode())
                    .as("a slot without a vote")
                    .isEqualTo(409);
            assertThat(console.post("/api/calibrations", body("0".repeat(64), "keep"))
                            .statusCode())
                    .isEqualTo(404);
            assertThat(console.post("/api/calibrations", body(KEPT, "maybe")).statusCode())
                    .isEqualTo(400);
            assertThat(console.post("/api/calibrations", "[]").statusCode()).isEqualTo(400);
            assertThat(console.post("/api/calibrations", "{\"row\": \"" + KEPT + "\", \"verdict\": \"keep\"}")
                            .statusCode())
                    .as("without who and why")
                    .isEqualTo(400);
        }
        assertThat(new Audit(dataset.dataset(), Clock.systemUTC()).entries()).isEmpty();
        assertThat(dataset.store().list("calibration/")).isEmpty();
    }
}

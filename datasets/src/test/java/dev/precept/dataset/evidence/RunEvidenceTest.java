package dev.precept.dataset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.verify.Verification;
import dev.precept.records.CanaryCounts;
import dev.precept.records.CanaryExpectation;
import dev.precept.records.Cost;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Spend;
import dev.precept.schemas.TrustedRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The evidence of a run is the sum of its reports, stored once. */
final class RunEvidenceTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    static {
        TrustedRecords.trust();
    }

    private static Spend report(String run, String role, String worker, long calls, boolean ended) {
        return Spend.newBuilder()
                .setRunId(run)
                .setWorker(worker)
                .setRole(role)
                .setCalls(calls)
                .setCallsByOutcome(Map.of("answered", calls, "cache_hit", 1L))
                .setPromptTokens(100 * calls)
                .setCachedTokens(10 * calls)
                .setCompletionTokens(20 * calls)
                .setReasoningTokens(5 * calls)
                .setUsd(0.5 * calls)
                .setEstimatedCalls(1)
                .setInvalidVotes(2)
                .setAsOf(TIME.plusSeconds(calls))
                .setLease(LeaseRequest.newBuilder()
                        .setVersion(0)
                        .setHeld(new Cost(0.0, 0L))
                        .setReserved(new Cost(0.0, 0L))
                        .setSettled(new Cost(0.0, 0L))
                        .setWanted(new Cost(0.0, 0L))
                        .setEnded(ended)
                        .build())
                .build();
    }

    private static CanaryCounts counts(
            CanaryExpectation expected, long kept, long away, long undecided, long inFlight) {
        return new CanaryCounts(expected, kept, away, undecided, inFlight);
    }

    private static RunEvidence evidence() {
        Spend generator = report("r", "generator", "generator-0|a", 3, true);
        Spend killed = report("r", "judge", "judge-0|a", 4, false);
        killed.setInFlight(2);
        killed.setCanaries(Map.of(
                "bad-1", counts(CanaryExpectation.TURN_AWAY, 1, 5, 0, 1),
                "corrected", counts(CanaryExpectation.TURN_AWAY, 0, 1, 0, 0)));
        Spend judge = report("r", "judge", "judge-0|b", 6, true);
        killed.setModel("small");
        killed.setScoreForms(Map.of("number", 2L, "alone", 2L));
        killed.setInvalidVotesByCause(Map.of("cut", 2L));
        judge.setModel("small");
        judge.setScoreForms(Map.of("number", 3L, "text", 1L, "fenced", 4L));
        judge.setInvalidVotesByCause(Map.of("cut", 1L, "no_object", 1L));
        judge.setCanaries(Map.of(
                "bad-1", counts(CanaryExpectation.TURN_AWAY, 0, 2, 3, 0),
                "corrected", counts(CanaryExpectation.KEEP, 4, 0, 0, 0)));
        return RunEvidence.of("r", List.of(judge, generator, report("other", "judge", "judge-0|c", 9, true), killed))
                .orElseThrow();
    }

    @Test
    void reportsAreSummedByRoleAndCanariesByIdWithThoseOfAKilledInstance() {
        RunEvidence evidence = evidence();
        assertThat(evidence.asOf()).isEqualTo(TIME.plusSeconds(6));
        assertThat(evidence.unsettled()).isEqualTo(1);
        assertThat(evidence.roles()).containsOnlyKeys("generator", "judge");
        assertThat(evidence.roles().get("judge"))
                .isEqualTo(new RunEvidence.RoleSpend(
                        2, 10, Map.of("answered", 10L, "cache_hit", 2L), 1_000, 100, 200, 50, 5, 2, 4));
        assertThat(evidence.judges())
                .containsExactly(Map.entry(
                        "small",
                        new JudgeVotes(
                                10,
                                1_000,
                                200,
                                5,
                                Map.of("number", 5L, "text", 1L, "alone", 2L, "fenced", 4L),
                                Map.of("cut", 3L, "no_object", 1L))));
        assertThat(evidence.canaries())
                .containsExactly(
                        new RunEvidence.Canary("bad-1", CanaryExpectation.TURN_AWAY, 1, 7, 4),
                        new RunEvidence.Canary("corrected", CanaryExpectation.KEEP, 4, 0, 0),
                        new RunEvidence.Canary("corrected", CanaryExpectation.TURN_AWAY, 0, 1, 0));
        assertThat(RunEvidence.of("unknown", List.of())).isEmpty();
    }

    @Test
    void theRatesOfCanariesAreThoseOfAllRuns() {
        CanaryRates rates = CanaryRates.of(List.of(evidence(), evidence()));
        assertThat(rates.bad()).containsExactly(new CanaryRates.Outcomes(2, 14), new CanaryRates.Outcomes(0, 2));
        assertThat(rates.good()).containsExactly(new CanaryRates.Outcomes(8, 0));
    }

    @Test
    void itIsStoredOnceAndIsNoRunOfTheDataset(@TempDir Path folder) throws Exception {
        Dataset dataset = Dataset.open(folder, 1);
        assertThat(RunEvidence.read(dataset, "r")).isEmpty();
        assertThat(evidence().store(dataset)).isTrue();
        RunEvidence later = RunEvidence.of("r", List.of(report("r", "judge", "judge-0|z", 99, true)))
                .orElseThrow();
        assertThat(later.store(dataset)).isFalse();
        assertThat(RunEvidence.read(dataset, "r")).contains(evidence());
        assertThat(dataset.runs()).isEmpty();
        assertThat(Verification.verify(dataset, Optional.empty(), InstantSource.system())
                        .problems())
                .isEmpty();

        Files.writeString(folder.resolve(Layout.runEvidence("r")), "{\"run_id\": \"r\"}");
        assertThatThrownBy(() -> RunEvidence.read(dataset, "r"))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessage("runs/evidence/r.json: roles is missing");
        assertThat(Verification.verify(dataset, Optional.empty(), InstantSource.system())
                        .problems()
                        .toString())
                .contains("runs/evidence/r.json", "is not the evidence of a run (roles is missing)");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"unsettled\" : 1         | \"unsettled\" : -1        | unsettled has another type",
                "\"as_of\"                 | \"at\"                    | as_of is missing",
                "2026-01-02T03:04:11Z      | yesterday                 | as_of is no time",
                "\"expected\" : \"keep\"   | \"expected\" : \"maybe\"  | expected is 'maybe', neither keep nor turn_away",
                "\"turned_away\" : 7       | \"turned_away\" : 7.5     | turned_away has another type",
                "\"no_object\" : 1          | \"no_object\" : null       | no_object has another type",
                "\"calls\" : 10            | \"calls\" : \"10\"        | calls has another type",
            })
    void aDocumentThatIsNoneIsRefusedWithItsMember(String written, String altered, String message) {
        String json = new String(RunEvidenceJson.write(evidence()), StandardCharsets.UTF_8);
        assertThat(json).contains(written);
        assertThatThrownBy(
                        () -> RunEvidence.parse(json.replace(written, altered).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        for (String text : List.of("", "[]", "{", "null")) {
            assertThatThrownBy(() -> RunEvidence.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(InvalidDocumentException.class);
        }
        assertThat(Objects.requireNonNull(evidence().roles().get("generator")).usd())
                .isEqualTo(1.5);
    }
}

package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.CanaryCounts;
import dev.precept.records.CanaryExpectation;
import dev.precept.records.Cost;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Spend;
import dev.precept.schemas.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The spend of a complete run is final when no worker that lives can add to it. */
final class SpendSettlementTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    static {
        TrustedRecords.trust();
    }

    private final SpendSettlement settlement = new SpendSettlement(0);

    static Spend report(String run, String worker, boolean ended, int inFlight) {
        return Spend.newBuilder()
                .setRunId(run)
                .setWorker(worker)
                .setRole("judge")
                .setCalls(7)
                .setCallsByOutcome(Map.of("answered", 7L))
                .setPromptTokens(70)
                .setCompletionTokens(7)
                .setAsOf(TIME)
                .setInFlight(inFlight)
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

    private boolean isSettled(Duration after, Spend... reports) {
        return settlement.isSettled(List.of(reports), after.toNanos());
    }

    @Test
    void itIsAtOnceIfEveryWorkerHasEnded() {
        assertThat(isSettled(Duration.ZERO, report("r", "judge-0|a", true, 0), report("r", "judge-1|b", true, 3)))
                .isTrue();
    }

    @Test
    void anIdleWorkerIsGivenTheTimeOfItsNextReport() {
        Spend idle = report("r", "judge-0|a", false, 0);
        assertThat(isSettled(Duration.ofMillis(1_900), idle)).isFalse();
        assertThat(isSettled(SpendSettlement.QUIET, idle)).isTrue();
    }

    @Test
    void withoutAReportOneMayStillCome() {
        assertThat(isSettled(Duration.ofMillis(1_900))).isFalse();
        assertThat(isSettled(SpendSettlement.QUIET)).isTrue();
    }

    @Test
    void aCallOrACanaryInFlightIsWaitedForWhileItsWorkerReports() {
        Spend busy = report("r", "judge-0|a", false, 1);
        for (int second = 0; second < 59; second += 3) {
            busy = Spend.newBuilder(busy).setAsOf(TIME.plusSeconds(second)).build();
            assertThat(isSettled(Duration.ofSeconds(second), busy)).isFalse();
        }
        Spend canary = report("r", "judge-0|a", false, 0);
        canary.setCanaries(Map.of("c", new CanaryCounts(CanaryExpectation.KEEP, 0L, 0L, 0L, 1L)));
        assertThat(isSettled(Duration.ofSeconds(59), canary)).isFalse();
        assertThat(isSettled(SpendSettlement.LIMIT, canary)).isTrue();
    }

    @Test
    void aWorkerThatIsSilentWhileACallIsInFlightIsDead() {
        Spend killed = report("r", "judge-0|a", false, 5);
        assertThat(isSettled(Duration.ofSeconds(1), killed)).isFalse();
        assertThat(isSettled(Duration.ofMillis(10_900), killed)).isFalse();
        assertThat(isSettled(Duration.ofSeconds(11), killed)).isTrue();
    }

    @Test
    void aWorkerWhoseSuccessorHasReportedLongAfterItIsDead() {
        Spend killed = report("r", "judge-0|a", false, 5);
        Spend successor = report("r", "judge-0|b", true, 0);
        successor.setAsOf(TIME.plusSeconds(11));
        assertThat(isSettled(Duration.ZERO, killed, successor)).isTrue();
        Spend another = report("r", "judge-1|b", true, 0);
        another.setAsOf(TIME.plusSeconds(11));
        assertThat(isSettled(Duration.ZERO, killed, another)).isFalse();
    }
}

package dev.precept.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Budget;
import dev.precept.records.Cost;
import dev.precept.records.LeaseRequest;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Spend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the status of a run says of its processes. */
class RunActivityTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A recipe with a budget of tokens need not have prices, without which dollars are refused. */
    @Test
    void aSpentBudgetOfTokensIsRaisedInTokens() {
        RunProgress progress = RunProgress.of(
                "r", 1, List.of(progress(0, START, 0, false)), List.of(spend("generator", "g|1", null, true)));
        RunControl.ControlSettings control =
                new RunControl.ControlSettings(false, false, new Budget(null, 400_000L, false));
        assertThat(RunActivity.of(progress, control, true, "--work w", "start").why())
                .contains("--set budget.tokens=N")
                .doesNotContain("usd");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # complete | stopped | paused | cancelled | refused | outages       | state    | activity      | why
            false      | false   | false  | false     | false   | -             | OPEN     | RUNNING       | -
            false      | false   | true   | false     | false   | -             | OPEN     | PAUSED        | 'precept resume --work w'
            false      | false   | true   | false     | false   | judge         | OPEN     | PAUSED        | 'precept resume --work w'
            false      | false   | false  | false     | true    | -             | OPEN     | OUT_OF_BUDGET | --usd N'
            false      | true    | false  | false     | true    | -             | OPEN     | OUT_OF_BUDGET | the process has ended
            false      | false   | false  | false     | false   | judge         | OPEN     | WAITING       | the judge waits: down
            false      | false   | false  | false     | false   | judge,working | OPEN     | RUNNING       | -
            false      | true    | false  | false     | false   | judge         | OPEN     | STOPPED       | no process is running it; start
            false      | true    | true   | false     | false   | -             | OPEN     | STOPPED       | paused, and no process
            false      | true    | false  | true      | false   | -             | OPEN     | STOPPED       | cancelled, and no process
            false      | false   | true   | true      | false   | -             | OPEN     | RUNNING       | end as CANCELLED
            true       | false   | false  | false     | false   | -             | COMPLETE | RUNNING       | committed and released
            true       | true    | true   | false     | true    | -             | OPEN     | STOPPED       | not all rows are committed; start
            """)
    void followsFromProgressControlAndProcesses(
            boolean complete,
            boolean stopped,
            boolean paused,
            boolean cancelled,
            boolean refused,
            @Nullable String outages,
            RunActivity.State state,
            RunActivity.Activity activity,
            @Nullable String why) {
        List<Spend> spend = new ArrayList<>();
        spend.add(spend("generator", "g|1", null, refused));
        spend.add(spend("judge", "j|1", outages == null ? null : "down", false));
        if (outages != null && outages.contains("working")) {
            spend.add(spend("judge", "other|1", null, false));
        }
        RunProgress progress = RunProgress.of("r", 1, List.of(progress(0, START, 0, complete)), spend);
        RunActivity found = RunActivity.of(
                progress, new RunControl.ControlSettings(paused, cancelled, null), stopped, "--work w", "start");
        assertThat(found.state()).isEqualTo(state);
        assertThat(found.activity()).isEqualTo(activity);
        if (why == null) {
            assertThat(found.why()).isEmpty();
        } else {
            assertThat(found.why()).contains(why);
        }
    }

    @Test
    void theRateIsOfTheLastMinute() {
        RecentEnds ends = new RecentEnds();
        ends.add(progress(0, START, 0, false));
        ends.add(progress(1, START, 50, false)); // ended before this reader saw it
        ends.add(progress(0, START.plusSeconds(60), 100, false));
        ends.add(progress(0, START.plusSeconds(130), 130, false));
        ends.add(progress(1, START.plusSeconds(140), 60, false));
        assertThat(ends.perMinute(START, START.plusSeconds(150))).isEqualTo(40);
        assertThat(ends.perMinute(START, START.plusSeconds(195))).isEqualTo(10);
        assertThat(ends.perMinute(START, START.plusSeconds(300))).isZero();
        assertThat(ends.perMinute(START.plusSeconds(120), START.plusSeconds(150)))
                .isEqualTo(80);
    }

    @Test
    void noDateIsShownBeforeTheFirstProgressAndNoEtaBeforeTheInputIsKnown() {
        RunProgress none = RunProgress.of("r", 1, List.of(), List.of());
        RunActivity running = new RunActivity(RunActivity.State.OPEN, RunActivity.Activity.RUNNING, "");
        RunStatus.Places places = new RunStatus.Places("d", null, null, "m", "m");
        RunStatus status = RunStatus.of(
                none.toJson(), running, places, Optional.of(START), Optional.of(3.0), START.plusSeconds(75));
        assertThat(status.toJson().get("as_of").isNull()).isTrue();
        assertThat(status.toJson().get("eta_seconds").isNull()).isTrue();
        assertThat(status.toJson().get("elapsed_seconds").asLong()).isEqualTo(75);
        assertThat(status.text())
                .contains("progress         none yet", "1m15s ago")
                .doesNotContain("1970");
    }

    private static PartitionProgress progress(int partition, Instant asOf, long accepted, boolean complete) {
        return PartitionProgress.newBuilder()
                .setRunId("r")
                .setPartition(partition)
                .setSlots(accepted + (complete ? 0 : 4))
                .setAccepted(accepted)
                .setRejected(Map.of())
                .setInvalid(Map.of())
                .setInFlight(complete ? Map.of() : Map.of("JUDGING", 4L))
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(accepted)
                .setSources(1)
                .setComplete(complete)
                .setAsOf(asOf)
                .build();
    }

    private static Spend spend(String role, String worker, @Nullable String outage, boolean refused) {
        Cost none = new Cost(0.0, 0L);
        return Spend.newBuilder()
                .setRunId("r")
                .setWorker(worker)
                .setRole(role)
                .setCalls(0)
                .setCallsByOutcome(Map.of())
                .setPromptTokens(0)
                .setCompletionTokens(0)
                .setAsOf(START)
                .setOutage(outage)
                .setLease(LeaseRequest.newBuilder()
                        .setVersion(1)
                        .setHeld(none)
                        .setReserved(none)
                        .setSettled(none)
                        .setWanted(none)
                        .setRefused(refused)
                        .build())
                .build();
    }
}

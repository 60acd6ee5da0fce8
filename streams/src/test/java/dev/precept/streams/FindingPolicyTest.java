package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Candidate;
import dev.precept.records.CitationFindings;
import dev.precept.records.CitationScreen;
import dev.precept.records.CitedClause;
import dev.precept.records.Completion;
import dev.precept.records.FalseCitation;
import dev.precept.records.GenerationTask;
import dev.precept.records.Leak;
import dev.precept.records.LeakScreen;
import dev.precept.records.PersonalFinding;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.ScreenFindings;
import dev.precept.records.Stage;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the screens found decides nothing with report and the attempt with reject or require; each finding is counted. */
final class FindingPolicyTest {
    private static final List<Leak> NONCE = List.of(new Leak("nonce", "reasoning", 2), new Leak("nonce", "answer", 1));

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    /**
     * @param reason of the failed attempt; null if it is judged
     * @param counted in the progress
     */
    record Row(
            LeakScreen leak,
            CitationScreen citations,
            @Nullable ScreenFindings findings,
            List<String> cited,
            @Nullable Reason reason,
            Map<String, Long> counted) {}

    private static ScreenFindings found(@Nullable List<Leak> leaks, @Nullable List<String> unknown) {
        return new ScreenFindings("screen/1", leaks, unknown, null, null, null);
    }

    private static ScreenFindings cites(String place, FalseCitation... falseOnes) {
        ScreenFindings findings = found(null, List.of());
        findings.setCitations(new CitationFindings(
                List.of(new CitedClause("weather-K1", List.of("heading"), 1, place)), List.of(falseOnes), 0.1));
        return findings;
    }

    static Stream<Row> rows() {
        List<String> none = List.of();
        List<String> cited = List.of("weather-K1");
        Map<String, Long> all = Map.of("nonce", 1L, "uncited", 1L, "unknown_clause", 1L);
        return Stream.of(
                new Row(LeakScreen.OFF, CitationScreen.OFF, null, none, null, Map.of()),
                new Row(LeakScreen.REPORT, CitationScreen.REPORT, found(List.of(), none), cited, null, Map.of()),
                new Row(LeakScreen.REPORT, CitationScreen.REPORT, found(NONCE, List.of("x-1")), none, null, all),
                new Row(LeakScreen.REJECT, CitationScreen.REQUIRE, found(List.of(), none), cited, null, Map.of()),
                new Row(
                        LeakScreen.REJECT,
                        CitationScreen.REQUIRE,
                        found(NONCE, List.of("x-1")),
                        none,
                        Reason.CONTEXT_LEAK,
                        all),
                new Row(
                        LeakScreen.REPORT,
                        CitationScreen.REQUIRE,
                        found(NONCE, List.of("x-1")),
                        none,
                        Reason.FALSE_CITATION,
                        all),
                new Row(
                        LeakScreen.REJECT,
                        CitationScreen.REQUIRE,
                        found(List.of(), none),
                        none,
                        Reason.NO_CITATION,
                        Map.of("uncited", 1L)),
                new Row(LeakScreen.REJECT, CitationScreen.OFF, found(List.of(), null), none, null, Map.of()),
                new Row(
                        LeakScreen.OFF,
                        CitationScreen.REQUIRE,
                        found(null, List.of("x-1")),
                        cited,
                        Reason.FALSE_CITATION,
                        Map.of("unknown_clause", 1L)),
                // A heading is a citation; a clause outside of the excerpt is none, and a false quote is false.
                new Row(LeakScreen.OFF, CitationScreen.REQUIRE, cites("category"), none, null, Map.of()),
                new Row(LeakScreen.OFF, CitationScreen.REQUIRE, cites("principle"), none, null, Map.of()),
                new Row(
                        LeakScreen.OFF,
                        CitationScreen.REQUIRE,
                        cites("other"),
                        cited,
                        Reason.NO_CITATION,
                        Map.of("uncited", 1L)),
                new Row(
                        LeakScreen.OFF,
                        CitationScreen.REQUIRE,
                        cites("category", new FalseCitation("quote", "rain is wet")),
                        cited,
                        Reason.FALSE_CITATION,
                        Map.of("false_quote", 1L)),
                new Row(
                        LeakScreen.OFF,
                        CitationScreen.REPORT,
                        cites("other", new FalseCitation("heading", "Snow policy")),
                        none,
                        null,
                        Map.of("false_heading", 1L, "uncited", 1L)),
                // A worker of an earlier version adds no findings.
                new Row(LeakScreen.REJECT, CitationScreen.REQUIRE, null, none, null, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void findingsAreCountedAndDecideAsTheRunRequests(Row row) {
        GenerationTask task = admitted(row, 1);

        TopologyOutput output = topology.send(screened(task, row));

        assertThat(output.progress().getFindings()).isEqualTo(row.counted());
        if (row.reason() == null) {
            TopologyOutput accepted = topology.send(judged(output.judgingTask(), 10, 10));
            assertThat(accepted.samples())
                    .singleElement()
                    .satisfies(sample -> assertThat(sample.getFindings()).isEqualTo(row.findings()));
            assertThat(accepted.progress().getAcceptedFindings()).isEqualTo(row.counted());
        } else {
            assertThat(output.judging()).isEmpty();
            assertThat(output.rejections()).hasSize(2);
            assertThat(output.rejections().getFirst()).satisfies(attempt -> {
                assertThat(attempt.getReason()).isEqualTo(row.reason());
                assertThat(attempt.getStage()).isEqualTo(Stage.SCREEN);
                assertThat(attempt.getFindings()).isEqualTo(row.findings());
            });
            assertThat(output.end().getReason()).isEqualTo(row.reason());
            assertThat(output.progress().getAcceptedFindings()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(PersonalScreen.class)
    void personalDataEndsTheAttemptOnlyWithReject(PersonalScreen screen) {
        RunParameters parameters = runParameters(1, 1);
        parameters.setPersonalScreen(screen);
        GenerationTask task = topology.send(
                        promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, parameters)))
                .task();
        Candidate candidate = completed(task, "Ask at cloud@post.de.");
        ScreenFindings findings = found(null, null);
        findings.setPersonal(List.of(new PersonalFinding("email", "answer", 1)));
        ((Completion) candidate.getOutcome()).setFindings(findings);

        TopologyOutput output = topology.send(candidate);

        assertThat(output.progress().getFindings()).isEqualTo(Map.of("personal_email", 1L));
        if (screen == PersonalScreen.REJECT) {
            assertThat(output.end().getReason()).isEqualTo(Reason.PERSONAL_DATA);
            assertThat(output.rejections().getFirst().getDetail()).isEqualTo("1 email in the answer");
        } else {
            assertThat(output.judging()).hasSize(1);
        }
    }

    @Test
    void anAttemptThatLeaksIsFollowedByTheNextAndItsDetailHoldsNoText() {
        Row leaking = new Row(
                LeakScreen.REJECT,
                CitationScreen.REPORT,
                found(NONCE, List.of()),
                List.of("weather-K1"),
                Reason.CONTEXT_LEAK,
                Map.of("nonce", 1L));
        TopologyOutput failed = topology.send(screened(admitted(leaking, 2), leaking));
        assertThat(failed.rejections())
                .singleElement()
                .satisfies(attempt ->
                        assertThat(attempt.getDetail()).isEqualTo("2 nonce in the reasoning, 1 nonce in the answer"));
        GenerationTask next = failed.task();
        assertThat(next.getRef().getAttempt()).isEqualTo(2);

        TopologyOutput passed = topology.send(completed(next, "It rains."));
        TopologyOutput accepted = topology.send(judged(passed.judgingTask(), 9, 9));

        assertThat(accepted.samples()).hasSize(1);
        assertThat(accepted.progress().getFindings()).isEqualTo(Map.of("nonce", 1L));
        assertThat(accepted.progress().getAcceptedFindings()).isEmpty();
    }

    @Test
    void aLowScoreOutranksALeak() {
        Row leaking = new Row(
                LeakScreen.REJECT, CitationScreen.OFF, found(NONCE, null), List.of(), Reason.CONTEXT_LEAK, Map.of());
        GenerationTask first = admitted(leaking, 2);
        TopologyOutput low =
                topology.send(judged(topology.send(completed(first, "So.")).judgingTask(), 2));

        TopologyOutput ended = topology.send(screened(low.task(), leaking));

        assertThat(ended.end().getReason()).isEqualTo(Reason.LOW_SCORE);
    }

    @Test
    void anIncompleteCompletionFailsForItsFormAndCountsNoFinding() {
        Row leaking =
                new Row(LeakScreen.REJECT, CitationScreen.REQUIRE, found(NONCE, List.of()), List.of(), null, Map.of());
        Candidate empty = screened(admitted(leaking, 1), leaking);
        ((Completion) empty.getOutcome()).setAnswer("");

        TopologyOutput output = topology.send(empty);

        assertThat(output.end().getReason()).isEqualTo(Reason.EMPTY_ANSWER);
        assertThat(output.progress().getFindings()).isEmpty();
    }

    private GenerationTask admitted(Row row, int attempts) {
        RunParameters parameters = runParameters(1, attempts);
        parameters.setLeakScreen(row.leak());
        parameters.setCitationScreen(row.citations());
        Prompt prompt = ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, parameters);
        return topology.send(promptEvent(RUN, prompt)).task();
    }

    private static Candidate screened(GenerationTask task, Row row) {
        Candidate candidate = completed(task, "So.");
        Completion completion = (Completion) candidate.getOutcome();
        completion.setFindings(row.findings());
        completion.setCitedClauses(row.cited());
        return candidate;
    }
}

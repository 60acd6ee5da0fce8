package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.judgedInVain;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static dev.precept.streams.ScriptedEvents.unjudged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Contamination;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.InvalidReason;
import dev.precept.records.JudgingTask;
import dev.precept.records.Outcome;
import dev.precept.records.PersonalFinding;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Stage;
import dev.precept.records.Verdict;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RejectionReasonTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private GenerationTask admitted(int attempts) {
        return topology.send(promptEvent(
                        RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, attempts))))
                .task();
    }

    /** Candidates, and the reason and stage of the slot, which has one attempt. */
    static Stream<Arguments> failures() {
        return Stream.of(
                failing(task -> finished(task, "content_filter", "why", ""), Reason.PROVIDER_REFUSED, Stage.SCREEN),
                failing(task -> finished(task, "weird", "why", "so"), Reason.MALFORMED, Stage.SCREEN),
                failing(task -> finished(task, "tool_calls", "why", "so"), Reason.MALFORMED, Stage.SCREEN),
                failing(task -> finished(task, "stop", "why", ""), Reason.EMPTY_ANSWER, Stage.SCREEN),
                failing(task -> finished(task, "stop", "why", " :\n."), Reason.EMPTY_ANSWER, Stage.SCREEN),
                failing(task -> finished(task, "stop", "why", "Thought process:"), Reason.EMPTY_ANSWER, Stage.SCREEN),
                failing(
                        task -> finished(task, "stop", "why", "**Let's solve this problem step by step.**"),
                        Reason.EMPTY_ANSWER,
                        Stage.SCREEN),
                failing(task -> finished(task, "stop", "why", "Answer:"), Reason.EMPTY_ANSWER, Stage.SCREEN),
                failing(task -> finished(task, "stop", "why", "解"), Reason.EMPTY_ANSWER, Stage.SCREEN),
                failing(task -> finished(task, "stop", null, "so"), Reason.NO_REASONING, Stage.SCREEN),
                failing(task -> finished(task, "stop", "", "so"), Reason.NO_REASONING, Stage.SCREEN),
                failing(task -> failed(task, Reason.MALFORMED), Reason.MALFORMED, Stage.GENERATION),
                failing(task -> failed(task, Reason.PROVIDER_REFUSED), Reason.PROVIDER_REFUSED, Stage.GENERATION),
                failing(task -> failed(task, Reason.REQUEST_REFUSED), Reason.REQUEST_REFUSED, Stage.GENERATION),
                failing(task -> failed(task, Reason.CONTEXT_TOO_LONG), Reason.CONTEXT_TOO_LONG, Stage.GENERATION),
                failing(task -> failed(task, Reason.TIMED_OUT), Reason.TIMED_OUT, Stage.GENERATION),
                failing(task -> failed(task, Reason.TOO_LARGE), Reason.TOO_LARGE, Stage.GENERATION));
    }

    private static Arguments failing(Function<GenerationTask, Candidate> answer, Reason reason, Stage stage) {
        return arguments(reason, stage, answer);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("failures")
    void aFailedCandidateIsARowAndTheSlotEndsWithItsReason(
            Reason reason, Stage stage, Function<GenerationTask, Candidate> answer) {
        TopologyOutput output = topology.send(answer.apply(admitted(1)));
        assertThat(output.rejections()).hasSize(2).allSatisfy(row -> {
            assertThat(row.getReason()).isEqualTo(reason);
            assertThat(row.getStage()).isEqualTo(stage);
            assertThat(row.getOutcome()).isEqualTo(Outcome.REJECTED);
            assertThat(row.getInvalidReason()).isNull();
            assertThat(row.getSlotId()).isEqualTo(row.getPromptId() + "#0");
            assertThat(row.getAttempt()).isEqualTo(1);
        });
        assertThat(output.rejections()).extracting(Rejection::getTerminal).containsExactly(false, true);
        assertThat(output.progress().getRejected()).isEqualTo(Map.of(reason.name(), 1L));
        assertThat(output.progress().getInFlight()).isEmpty();
        assertThat(output.generation()).isEmpty();
        assertThat(output.samples()).isEmpty();
    }

    static Stream<Arguments> verdicts() {
        return Stream.of(
                decided("one below", task -> judged(task, 8, 7.99), Reason.LOW_SCORE),
                decided("the first below, and no more", task -> judged(task, 7.99), Reason.LOW_SCORE),
                decided("not a number", task -> judged(task, 10, Double.NaN), Reason.LOW_SCORE),
                decided("below, and no second vote", task -> unjudged(task, Reason.UNJUDGEABLE, 2), Reason.LOW_SCORE),
                decided("fewer votes than requested", task -> judged(task, 10), Reason.UNJUDGEABLE),
                decided("no vote", ScriptedEvents::judged, Reason.UNJUDGEABLE),
                decided("no second vote", task -> unjudged(task, Reason.UNJUDGEABLE, 10), Reason.UNJUDGEABLE),
                decided(
                        "all votes and a failure",
                        task -> unjudged(task, Reason.UNJUDGEABLE, 9, 9),
                        Reason.UNJUDGEABLE),
                decided("the judge timed out", task -> judgedInVain(task, Reason.TIMED_OUT), Reason.UNJUDGEABLE),
                decided("the run was cancelled", task -> unjudged(task, Reason.CANCELLED), Reason.CANCELLED));
    }

    private static Arguments decided(String name, Function<JudgingTask, Verdict> answer, Reason reason) {
        return arguments(name, reason, answer);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("verdicts")
    void aVerdictFailsClosed(String name, Reason reason, Function<JudgingTask, Verdict> answer) {
        JudgingTask task = topology.send(completed(admitted(1), "So.")).judgingTask();
        Verdict verdict = answer.apply(task);
        TopologyOutput output = topology.send(verdict);
        while (!output.judging().isEmpty()) {
            verdict = answer.apply(output.judgingTask());
            output = topology.send(verdict);
        }
        assertThat(output.samples()).as(name).isEmpty();
        assertThat(output.end().getReason()).isEqualTo(reason);
        assertThat(output.end().getStage()).isEqualTo(Stage.JUDGING);
        Rejection attempt = output.rejections().getFirst();
        assertThat(attempt.getTerminal()).isFalse();
        assertThat(attempt.getAnswer()).isEqualTo("So.");
        assertThat(attempt.getReasoning()).isEqualTo("Because of attempt 1");
        assertThat(attempt.getJudge()).isEqualTo(verdict.getVotes().isEmpty() ? null : verdict.getVotes());
        assertThat(output.progress().getRejected()).isEqualTo(Map.of(reason.name(), 1L));
    }

    @Test
    void aContaminatedPromptEndsAtIntakeWithItsSetRowAndWords() {
        Prompt prompt = ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(2, 3));
        prompt.setContamination(new Contamination("sky-quiz", 17L, "how do clouds form", "ngram13", 1.0));

        TopologyOutput output = topology.send(promptEvent(RUN, prompt));

        assertThat(output.generation()).isEmpty();
        assertThat(output.rejections()).hasSize(2).allSatisfy(slot -> {
            assertThat(slot.getTerminal()).isTrue();
            assertThat(slot.getOutcome()).isEqualTo(Outcome.REJECTED);
            assertThat(slot.getReason()).isEqualTo(Reason.CONTAMINATED);
            assertThat(slot.getStage()).isEqualTo(Stage.INTAKE);
            assertThat(slot.getDetail())
                    .isEqualTo("holds row 17 of the evaluation set sky-quiz (ngram13, 1.00): \"how do clouds form\"");
            assertThat(slot.getMessages()).isEqualTo(prompt.getMessages());
        });
        assertThat(output.progress().getRejected()).isEqualTo(Map.of("CONTAMINATED", 2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"No.", "42", "👍", "Answer", "Sure, here it is: 7", "Thought process: count them. Seven.", "是"})
    void aShortAnswerIsJudged(String answer) {
        assertThat(topology.send(completed(admitted(1), answer)).judging()).hasSize(1);
    }

    @Test
    void aPromptWithPersonalDataEndsAtIntakeAndItsTextReachesNoRow() {
        Prompt prompt = ScriptedEvents.prompt("Is anna@post.de right?", "a.jsonl", 1, runParameters(2, 3));
        prompt.setPersonal(List.of(new PersonalFinding("email", "prompt", 1)));

        TopologyOutput output = topology.send(promptEvent(RUN, prompt));

        assertThat(output.generation()).isEmpty();
        assertThat(output.rejections()).hasSize(2).allSatisfy(slot -> {
            assertThat(slot.getTerminal()).isTrue();
            assertThat(slot.getReason()).isEqualTo(Reason.PERSONAL_DATA);
            assertThat(slot.getStage()).isEqualTo(Stage.INTAKE);
            assertThat(slot.getDetail()).isEqualTo("1 email in the prompt");
            assertThat(slot.toString()).doesNotContain("anna");
        });
        assertThat(output.progress().getRejected()).isEqualTo(Map.of("PERSONAL_DATA", 2L));
    }

    @Test
    void aJudgeThatFailsIsAskedAgainAndNoGenerationIsSpent() {
        JudgingTask first = topology.send(completed(admitted(3), "So.")).judgingTask();
        assertThat(first.getRound()).isEqualTo(1);
        TopologyOutput output = topology.send(judgedInVain(first, Reason.TIMED_OUT, 9));
        JudgingTask second = output.judgingTask();
        assertThat(second.getRound()).isEqualTo(2);
        assertThat(second.getCandidate()).isEqualTo(first.getCandidate());
        assertThat(output.rejections()).isEmpty();
        assertThat(output.generation()).isEmpty();
        assertThat(output.progress().getInFlight()).isEqualTo(Map.of("JUDGING", 1L));
        assertThat(topology.send(judged(first, 9, 9)).progress().getStale())
                .as("a late verdict of the first round")
                .isEqualTo(1);
        assertThat(topology.send(judged(second, 9, 9)).samples()).hasSize(1);
    }

    @Test
    void aJudgeThatFailsInThreeRoundsEndsTheSlotWhateverAttemptsAreLeft() {
        JudgingTask low = topology.send(completed(admitted(3), "So.")).judgingTask();
        GenerationTask next = topology.send(judged(low, 2)).task();
        JudgingTask task = topology.send(completed(next, "Better.")).judgingTask();
        assertThat(task.getRound()).as("of the next attempt").isEqualTo(1);
        for (int round = 1; round < 3; round++) {
            task = topology.send(judgedInVain(task, Reason.SERVER_FAILED)).judgingTask();
        }
        TopologyOutput output = topology.send(judgedInVain(task, Reason.SERVER_FAILED));
        assertThat(output.judging()).isEmpty();
        assertThat(output.generation()).isEmpty();
        assertThat(output.rejections()).hasSize(2).allSatisfy(row -> {
            assertThat(row.getReason()).isEqualTo(Reason.UNJUDGEABLE);
            assertThat(row.getAttempt()).isEqualTo(2);
            assertThat(row.getDetail()).isEqualTo("round 3: SERVER_FAILED: reported by the judge");
        });
    }

    @Test
    void aFailureThatAnotherRoundWouldMeetAgainEndsTheSlotAtOnce() {
        JudgingTask task = topology.send(completed(admitted(3), "So.")).judgingTask();
        Verdict verdict = unjudged(task, Reason.UNJUDGEABLE);
        verdict.setInvalidReply("Ten out of ten!");
        TopologyOutput output = topology.send(verdict);
        assertThat(output.rejections())
                .filteredOn(row -> !row.getTerminal())
                .extracting(Rejection::getInvalidReply)
                .containsExactly("Ten out of ten!");
        assertThat(output.judging()).isEmpty();
        assertThat(output.generation()).isEmpty();
        assertThat(output.end().getReason()).isEqualTo(Reason.UNJUDGEABLE);
    }

    @Test
    void aTruncatedCompletionIsRetriedOnceWithTwiceTheLimit() {
        TopologyOutput first = topology.send(finished(admitted(1), "length", "why", "so"));
        GenerationTask larger = first.task();
        assertThat(first.rejections()).isEmpty();
        assertThat(larger.getRef().getAttempt()).isEqualTo(1);
        assertThat(larger.getRef().getTryNumber()).isEqualTo(2);
        assertThat(larger.getMaxTokens()).isEqualTo(2_000);
        TopologyOutput second = topology.send(finished(larger, "length", "why", "so"));
        assertThat(second.generation()).isEmpty();
        assertThat(second.end().getReason()).isEqualTo(Reason.TRUNCATED);
    }

    /** The larger limit was the ledger's own choice: the slot keeps its other attempts. */
    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"REQUEST_REFUSED", "CONTEXT_TOO_LONG"})
    void aRefusedLargerTryEndsTheAttemptAsTruncated(Reason refused) {
        GenerationTask larger =
                topology.send(finished(admitted(2), "length", "why", "so")).task();
        TopologyOutput output = topology.send(failed(larger, refused));
        assertThat(output.rejections()).singleElement().satisfies(row -> {
            assertThat(row.getTerminal()).isFalse();
            assertThat(row.getReason()).isEqualTo(Reason.TRUNCATED);
            assertThat(row.getStage()).isEqualTo(Stage.SCREEN);
            assertThat(row.getDetail())
                    .isEqualTo("truncated at the token limit; the retry with max_tokens 2000 was refused:"
                            + " reported by the model");
        });
        assertThat(output.task().getRef().getAttempt()).isEqualTo(2);
        assertThat(output.task().getRef().getTryNumber()).isEqualTo(1);
        assertThat(output.task().getMaxTokens()).isEqualTo(1_000);
        GenerationTask second =
                topology.send(finished(output.task(), "length", "why", "so")).task();
        assertThat(topology.send(failed(second, refused)).end().getReason()).isEqualTo(Reason.TRUNCATED);
    }

    /** The number is beyond a double: it has no canonical form, and readers of the dataset would differ on it. */
    @ParameterizedTest
    @ValueSource(strings = {"HUGE", "1e999", "-1e999"})
    void aCompletionWhoseToolCallsHoldAHugeNumberIsMalformed(String number) {
        Candidate candidate = finished(admitted(2), "tool_calls", "why", "");
        ((Completion) candidate.getOutcome())
                .setToolCalls("[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":"
                        + number.replace("HUGE", "1" + "0".repeat(400)) + "}}}]");
        TopologyOutput output = topology.send(candidate);
        assertThat(output.rejections()).singleElement().satisfies(row -> {
            assertThat(row.getReason()).isEqualTo(Reason.MALFORMED);
            assertThat(row.getDetail()).contains("too large for a double");
        });
        assertThat(output.task().getRef().getAttempt()).isEqualTo(2);
    }

    @Test
    void aDetailFromAServerIsBounded() {
        TopologyOutput output = topology.send(finished(admitted(1), "x".repeat(1_000_000), "why", "so"));
        assertThat(output.rejections())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.getDetail().length()).isLessThanOrEqualTo(4_096));
        assertThat(topology.rows().values())
                .singleElement()
                .satisfies(row ->
                        assertThat(row.getFurthest().getDetail().length()).isLessThanOrEqualTo(4_096));
    }

    @Test
    void aLargerTryThatIsCompleteIsJudged() {
        GenerationTask larger =
                topology.send(finished(admitted(1), "length", "why", "so")).task();
        TopologyOutput output =
                topology.send(judged(topology.send(completed(larger, "So.")).judgingTask(), 9, 9));
        assertThat(output.sample().getAttempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"TOO_LARGE, TOO_LARGE, ", "UNREADABLE, , UNREADABLE", "UNKNOWN_CATEGORY, , UNKNOWN_CATEGORY"})
    void anUnusableLineEndsAtOnceUnderItsOrigin(
            InputFault fault, @Nullable Reason reason, @Nullable InvalidReason invalidReason) {
        TopologyOutput output = topology.send(ScriptedEvents.unusable(RUN, "a.jsonl", 7, fault, 2));
        assertThat(output.ends()).hasSize(2).allSatisfy(row -> {
            assertThat(row.getOutcome()).isEqualTo(invalidReason == null ? Outcome.REJECTED : Outcome.INVALID);
            assertThat(row.getReason()).isEqualTo(reason);
            assertThat(row.getInvalidReason()).isEqualTo(invalidReason);
            assertThat(row.getSource().getLine()).isEqualTo(7);
            assertThat(row.getDetail()).isEqualTo("what is wrong");
        });
        assertThat(output.ends())
                .extracting(Rejection::getSlotId)
                .allMatch(id -> id.contains("@a.jsonl:7#"))
                .doesNotHaveDuplicates();
        assertThat(output.progress().getSlots()).isEqualTo(2);
        assertThat(output.progress().getRejected()).isEqualTo(reason == null ? Map.of() : Map.of(reason.name(), 2L));
        assertThat(output.progress().getInvalid())
                .isEqualTo(invalidReason == null ? Map.of() : Map.of(invalidReason.name(), 2L));
        assertThat(output.generation()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"REQUEST_REFUSED", "CONTEXT_TOO_LONG"})
    void aRefusalThatWouldRecurIsNotRetried(Reason reason) {
        TopologyOutput output = topology.send(failed(admitted(3), reason));
        assertThat(output.generation()).isEmpty();
        assertThat(output.end().getReason()).isEqualTo(reason);
    }
}

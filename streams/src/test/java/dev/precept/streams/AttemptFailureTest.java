package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static dev.precept.streams.ScriptedEvents.unjudged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.precept.records.GenerationTask;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AttemptFailureTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    /** Ways in which an attempt fails, by rank. */
    enum FailureMode {
        TIMED_OUT,
        NO_REASONING,
        TRUNCATED,
        LOW_SCORE,
        UNJUDGEABLE
    }

    private TopologyOutput fail(GenerationTask task, FailureMode failureMode) {
        return switch (failureMode) {
            case TIMED_OUT -> topology.send(failed(task, Reason.TIMED_OUT));
            case NO_REASONING -> topology.send(finished(task, "stop", null, "so"));
            case TRUNCATED ->
                topology.send(finished(
                        topology.send(finished(task, "length", "why", "so")).task(), "length", "why", "so"));
            case UNJUDGEABLE ->
                topology.send(unjudged(topology.send(completed(task, "So.")).judgingTask(), Reason.UNJUDGEABLE));
            case LOW_SCORE ->
                topology.send(judged(topology.send(completed(task, "So.")).judgingTask(), 3));
        };
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(
                        List.of(FailureMode.TIMED_OUT, FailureMode.LOW_SCORE, FailureMode.TIMED_OUT),
                        Reason.LOW_SCORE,
                        2),
                arguments(
                        List.of(FailureMode.LOW_SCORE, FailureMode.NO_REASONING, FailureMode.UNJUDGEABLE),
                        Reason.UNJUDGEABLE,
                        3),
                arguments(
                        List.of(FailureMode.LOW_SCORE, FailureMode.TIMED_OUT, FailureMode.NO_REASONING),
                        Reason.LOW_SCORE,
                        1),
                arguments(
                        List.of(FailureMode.TIMED_OUT, FailureMode.TIMED_OUT, FailureMode.NO_REASONING),
                        Reason.NO_REASONING,
                        3),
                arguments(
                        List.of(FailureMode.NO_REASONING, FailureMode.TRUNCATED, FailureMode.TIMED_OUT),
                        Reason.TRUNCATED,
                        2),
                arguments(
                        List.of(FailureMode.TRUNCATED, FailureMode.NO_REASONING, FailureMode.TIMED_OUT),
                        Reason.NO_REASONING,
                        2),
                arguments(
                        List.of(FailureMode.LOW_SCORE, FailureMode.LOW_SCORE, FailureMode.LOW_SCORE),
                        Reason.LOW_SCORE,
                        3));
    }

    @ParameterizedTest(name = "{0}: {1} of attempt {2}")
    @MethodSource("failures")
    void aSlotsReasonIsThatOfTheAttemptThatGotFurthestAndOfTiesTheLatest(
            List<FailureMode> modes, Reason reason, int attempt) {
        GenerationTask task = topology.send(promptEvent(
                        RUN,
                        ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, modes.size()))))
                .task();
        for (int i = 0; i < modes.size() - 1; i++) {
            TopologyOutput output = fail(task, modes.get(i));
            assertThat(output.rejections()).singleElement().satisfies(row -> {
                assertThat(row.getTerminal()).isFalse();
                assertThat(row.getAttempt()).isEqualTo(output.task().getRef().getAttempt() - 1);
            });
            task = output.task();
            assertThat(task.getRef().getAttempt()).isEqualTo(i + 2);
            assertThat(task.getRef().getTryNumber()).isEqualTo(1);
            assertThat(task.getMaxTokens()).isEqualTo(1_000);
        }
        TopologyOutput last = fail(task, modes.getLast());
        Rejection end = last.end();
        assertThat(end.getReason()).isEqualTo(reason);
        assertThat(end.getAttempt()).isEqualTo(attempt);
        assertThat(last.generation()).isEmpty();
        assertThat(last.progress().getRejected()).containsOnlyKeys(reason.name());
    }

    @Test
    void aLaterAttemptCanStillBeAccepted() {
        GenerationTask task = topology.send(promptEvent(
                        RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 3))))
                .task();
        GenerationTask second = fail(task, FailureMode.LOW_SCORE).task();
        TopologyOutput accepted =
                topology.send(judged(topology.send(completed(second, "Better.")).judgingTask(), 10, 8));
        assertThat(accepted.sample().getAttempt()).isEqualTo(2);
        assertThat(accepted.sample().getReasoning()).isEqualTo("Because of attempt 2");
        assertThat(accepted.progress().getAccepted()).isEqualTo(1);
        assertThat(accepted.progress().getRejected()).isEmpty();
    }
}

package dev.precept.streams;

import static dev.precept.streams.Script.RUN;
import static dev.precept.streams.Script.asked;
import static dev.precept.streams.Script.asking;
import static dev.precept.streams.Script.completed;
import static dev.precept.streams.Script.failed;
import static dev.precept.streams.Script.finished;
import static dev.precept.streams.Script.judged;
import static dev.precept.streams.Script.unjudged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.precept.records.GenerationTask;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AFailedAttemptIsFollowedByTheNextTest {
    @TempDir
    private Path folder;

    private Line line;

    @BeforeEach
    void open() {
        line = new Line(folder);
    }

    @AfterEach
    void close() {
        line.close();
    }

    /** How an attempt falls, in the order of how far it gets. */
    enum Fall {
        TIMED_OUT,
        NO_REASONING,
        TRUNCATED,
        UNJUDGEABLE,
        LOW_SCORE
    }

    private Line.Out fall(GenerationTask task, Fall fall) {
        return switch (fall) {
            case TIMED_OUT -> line.say(failed(task, Reason.TIMED_OUT));
            case NO_REASONING -> line.say(finished(task, "stop", null, "so"));
            case TRUNCATED ->
                line.say(
                        finished(line.say(finished(task, "length", "why", "so")).task(), "length", "why", "so"));
            case UNJUDGEABLE ->
                line.say(unjudged(line.say(completed(task, "So.")).judgingTask(), Reason.UNJUDGEABLE));
            case LOW_SCORE -> line.say(judged(line.say(completed(task, "So.")).judgingTask(), 3));
        };
    }

    static Stream<Arguments> lives() {
        return Stream.of(
                arguments(List.of(Fall.TIMED_OUT, Fall.LOW_SCORE, Fall.TIMED_OUT), Reason.LOW_SCORE, 2),
                arguments(List.of(Fall.LOW_SCORE, Fall.UNJUDGEABLE, Fall.NO_REASONING), Reason.LOW_SCORE, 1),
                arguments(List.of(Fall.UNJUDGEABLE, Fall.NO_REASONING, Fall.TIMED_OUT), Reason.UNJUDGEABLE, 1),
                arguments(List.of(Fall.TIMED_OUT, Fall.TIMED_OUT, Fall.NO_REASONING), Reason.NO_REASONING, 3),
                arguments(List.of(Fall.NO_REASONING, Fall.TRUNCATED, Fall.TIMED_OUT), Reason.TRUNCATED, 2),
                arguments(List.of(Fall.TRUNCATED, Fall.NO_REASONING, Fall.TIMED_OUT), Reason.NO_REASONING, 2),
                arguments(List.of(Fall.LOW_SCORE, Fall.LOW_SCORE, Fall.LOW_SCORE), Reason.LOW_SCORE, 3));
    }

    @ParameterizedTest(name = "{0}: {1} of attempt {2}")
    @MethodSource("lives")
    void aSlotsReasonIsThatOfTheAttemptThatGotFurthestAndOfTiesTheLatest(List<Fall> falls, Reason reason, int attempt) {
        GenerationTask task = line.say(
                        asked(RUN, Script.prompt("How do clouds form?", "a.jsonl", 1, asking(1, falls.size()))))
                .task();
        for (int i = 0; i < falls.size() - 1; i++) {
            Line.Out out = fall(task, falls.get(i));
            assertThat(out.rejections()).singleElement().satisfies(row -> {
                assertThat(row.getTerminal()).isFalse();
                assertThat(row.getAttempt()).isEqualTo(out.task().getRef().getAttempt() - 1);
            });
            task = out.task();
            assertThat(task.getRef().getAttempt()).isEqualTo(i + 2);
            assertThat(task.getRef().getTryNumber()).isEqualTo(1);
            assertThat(task.getMaxTokens()).isEqualTo(1_000);
        }
        Line.Out last = fall(task, falls.getLast());
        Rejection end = last.end();
        assertThat(end.getReason()).isEqualTo(reason);
        assertThat(end.getAttempt()).isEqualTo(attempt);
        assertThat(last.generation()).isEmpty();
        assertThat(last.book().getRejected()).containsOnlyKeys(reason.name());
    }

    @Test
    void aLaterAttemptCanStillBeKept() {
        GenerationTask task = line.say(asked(RUN, Script.prompt("How do clouds form?", "a.jsonl", 1, asking(1, 3))))
                .task();
        GenerationTask second = fall(task, Fall.LOW_SCORE).task();
        Line.Out kept = line.say(judged(line.say(completed(second, "Better.")).judgingTask(), 10, 8));
        assertThat(kept.sample().getAttempt()).isEqualTo(2);
        assertThat(kept.sample().getReasoning()).isEqualTo("Because of attempt 2");
        assertThat(kept.book().getAccepted()).isEqualTo(1);
        assertThat(kept.book().getRejected()).isEmpty();
    }
}

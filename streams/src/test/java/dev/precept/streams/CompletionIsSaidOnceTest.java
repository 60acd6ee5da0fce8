package dev.precept.streams;

import static dev.precept.streams.Script.RUN;
import static dev.precept.streams.Script.asked;
import static dev.precept.streams.Script.asking;
import static dev.precept.streams.Script.completed;
import static dev.precept.streams.Script.ended;
import static dev.precept.streams.Script.judged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionComplete;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.streams.ledger.Emission;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionIsSaidOnceTest {
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

    @Test
    void itWaitsForTheLastSlotAndThenGoesToSamplesAndRejections() {
        GenerationTask task = line.say(asked(RUN, Script.prompt("How do clouds form?", "a.jsonl", 1, asking(1, 1))))
                .task();
        line.say(Script.unusable(RUN, "a.jsonl", 2, InputFault.UNREADABLE, 1));
        line.say(Script.unusable(RUN, "a.jsonl", 3, InputFault.TOO_LARGE, 2));
        Line.Out end = line.say(ended(RUN, "a.jsonl", 1));
        assertThat(end.completions()).isEmpty();
        assertThat(end.book().getSourcesEnded()).containsExactly("a.jsonl");
        assertThat(end.book().getComplete()).isFalse();
        JudgingTask judging = line.say(completed(task, "So.")).judgingTask();
        Line.Out last = line.say(judged(judging, 9, 9));
        PartitionComplete marker = new PartitionComplete(0, 4L, 1L, 2L, 1L);
        assertThat(last.completions()).containsExactly(marker, marker);
        assertThat(last.book().getComplete()).isTrue();
    }

    @Test
    void itWaitsForEverySource() {
        assertThat(line.say(ended(RUN, "a.jsonl", 2)).completions()).isEmpty();
        assertThat(line.say(ended(RUN, "a.jsonl", 2)).completions()).isEmpty();
        assertThat(line.say(ended(RUN, "b.jsonl", 2)).completions()).hasSize(2);
    }

    @Test
    void anEmptyPartitionIsCompleteWhenItsSourcesHaveEnded() {
        assertThat(line.say(ended(RUN, "a.jsonl", 1)).completions())
                .containsOnly(new PartitionComplete(0, 0L, 0L, 0L, 0L));
    }

    @Test
    void nothingThatComesAfterSaysItAgain() {
        var prompt = asked(RUN, Script.prompt("How do clouds form?", "a.jsonl", 1, asking(1, 1)));
        GenerationTask task = line.say(prompt).task();
        line.say(ended(RUN, "a.jsonl", 1));
        JudgingTask judging = line.say(completed(task, "So.")).judgingTask();
        assertThat(line.say(judged(judging, 2)).completions()).hasSize(2);
        assertThat(line.say(ended(RUN, "a.jsonl", 1)).completions()).isEmpty();
        assertThat(line.say(prompt).completions()).isEmpty();
        assertThat(line.say(judged(judging, 2)).completions()).isEmpty();
        assertThat(line.say(judged(judging, 2)).book().getComplete()).isTrue();
    }

    @Test
    void oneRunsEndIsNotAnothers() {
        line.say(asked("run-2", Script.prompt("How do clouds form?", "a.jsonl", 1, asking(1, 1))));
        assertThat(line.say(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
        assertThat(line.say(ended("run-2", "a.jsonl", 1)).completions()).isEmpty();
    }

    @Test
    void theMarkerOfAPartitionStaysOnItAndEverythingElseGoesByItsKey() {
        PartitionComplete marker = new PartitionComplete(5, 0L, 0L, 0L, 0L);
        assertThat(Emission.fixedPartition(new SampleEvent(RUN, marker))).isEqualTo(5);
        assertThat(Emission.fixedPartition(new RejectionEvent(RUN, marker))).isEqualTo(5);
        Line.Out dead = line.say(Script.unusable(RUN, "a.jsonl", 2, InputFault.UNREADABLE, 1));
        assertThat(Emission.fixedPartition(new RejectionEvent(RUN, dead.end()))).isNull();
        assertThat(Emission.fixedPartition(dead.book())).isNull();
    }
}

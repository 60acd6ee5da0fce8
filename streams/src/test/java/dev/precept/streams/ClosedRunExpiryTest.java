package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.closed;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.ended;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PromptEvent;
import dev.precept.streams.ledger.ClosedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three prompts of two samples, one of them repeated, and an unreadable line: nine slots. An event deletes four rows. */
final class ClosedRunExpiryTest {
    private static final int ROWS_PER_EVENT = 4;
    private static final int SLOTS = 9;
    /** Has RUN as a prefix, without being part of it. */
    private static final String OTHER = RUN + "0";

    private static final PromptEvent CLOSED = closed(RUN, "a.jsonl", 1);

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(ROWS_PER_EVENT);

    private final List<PromptEvent> prompts = List.of(
            prompt("How do clouds form?", 1),
            prompt("What is fog?", 2),
            prompt("What is hail?", 3),
            prompt("What is fog?", 4),
            ScriptedEvents.unusable(RUN, "a.jsonl", 5, InputFault.UNREADABLE, 1));
    private final List<JudgingTask> judging = new ArrayList<>();

    private static PromptEvent prompt(String text, long number) {
        return promptEvent(RUN, ScriptedEvents.prompt(text, "a.jsonl", number, runParameters(2, 1)));
    }

    @BeforeEach
    void open() {
        topology.send(promptEvent(OTHER, ScriptedEvents.prompt("What is fog?", "a.jsonl", 1, runParameters(2, 1))));
    }

    private void completeRun() {
        List<GenerationTask> tasks = new ArrayList<>();
        prompts.forEach(prompt -> tasks.addAll(topology.send(prompt).generation()));
        tasks.forEach(
                task -> judging.addAll(topology.send(completed(task, "So.")).judging()));
        judging.forEach(task -> topology.send(judged(task, 9, 9)));
        assertThat(topology.send(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
    }

    private long rows(String run) {
        return topology.rows().keySet().stream()
                .filter(key -> key.startsWith(run + "|"))
                .count();
    }

    private long deletable() {
        TopologyFixture.State state = topology.state();
        return ClosedRun.deletableRows(
                state.progress().get(RUN), state.progress().get(RUN + "|"));
    }

    private void assertChangesNothing(PromptEvent event) {
        TopologyFixture.State before = topology.state();
        TopologyOutput output = topology.send(event);
        assertThat(output.silent()).isTrue();
        assertThat(output.progressRecords()).isEmpty();
        assertThat(topology.state()).isEqualTo(before);
    }

    @Test
    void eachEventDeletesSomeRowsUntilNoneIsLeft() {
        completeRun();
        assertThat(rows(RUN)).isEqualTo(SLOTS);
        assertThat(deletable()).isEqualTo(SLOTS);
        for (int left : List.of(5, 1, 0)) {
            TopologyOutput output = topology.send(CLOSED);
            assertThat(output.silent()).isTrue();
            assertThat(output.progressRecords()).isEmpty();
            assertThat(rows(RUN)).isEqualTo(left);
            assertThat(deletable()).isEqualTo(left);
        }
        assertThat(topology.state().of(RUN)).isZero();
        assertChangesNothing(CLOSED);
    }

    @Test
    void progressAndOtherRunsAreKept() {
        completeRun();
        TopologyFixture.State before = topology.state();
        deleteAllRows();
        TopologyFixture.State after = topology.state();
        assertThat(after.progress()).containsAllEntriesOf(before.progress());
        assertThat(after.progress().keySet()).isEqualTo(Set.of(RUN, OTHER, RUN + "|"));
        assertThat(after.of(OTHER)).isEqualTo(before.of(OTHER)).isEqualTo(3);
        ReferenceProgress.assertBalanced(after.progress(RUN + "|"));
    }

    private void deleteAllRows() {
        for (int i = 0; i <= SLOTS / ROWS_PER_EVENT; i++) {
            topology.send(CLOSED);
        }
        assertThat(rows(RUN)).isZero();
    }

    @Test
    void anIncompleteRunKeepsItsRows() {
        assertChangesNothing(CLOSED);
        GenerationTask task = topology.send(prompts.getFirst()).generation().getFirst();
        assertChangesNothing(CLOSED);
        topology.send(ended(RUN, "a.jsonl", 1));
        assertChangesNothing(CLOSED);
        assertThat(topology.send(completed(task, "So.")).judging()).hasSize(1);
    }

    @Test
    void aCloseMarkerEndsNoSource() {
        assertChangesNothing(CLOSED);
        assertThat(topology.send(prompts.getFirst()).generation()).hasSize(2);
        assertThat(topology.send(ended(RUN, "b.jsonl", 2)).progress().getEndedSources())
                .isEqualTo(1);
    }

    @Test
    void laterEventsOfTheRunAreReplaysOrStale() {
        completeRun();
        topology.send(CLOSED);
        assertReplayedOrStale();
        deleteAllRows();
        assertReplayedOrStale();
        assertThat(topology.state().of(RUN)).isZero();
    }

    private void assertReplayedOrStale() {
        TopologyFixture.State before = topology.state();
        PartitionProgress partitionProgress = before.progress(RUN);
        for (PromptEvent prompt : prompts) {
            assertThat(topology.send(prompt).silent()).isTrue();
        }
        for (JudgingTask task : judging) {
            assertThat(topology.send(task.getCandidate()).silent()).isTrue();
            assertThat(topology.send(judged(task, 9, 9)).silent()).isTrue();
        }
        PartitionProgress after = topology.send(ended(RUN, "a.jsonl", 1)).progress();
        assertThat(after)
                .isEqualTo(PartitionProgress.newBuilder(partitionProgress)
                        .setReplayed(partitionProgress.getReplayed() + prompts.size())
                        .setStale(partitionProgress.getStale() + 2L * judging.size())
                        .setAsOf(after.getAsOf())
                        .setPromptsOffset(after.getPromptsOffset())
                        .build());
        assertThat(topology.state().rows()).isEqualTo(before.rows());
        assertThat(topology.state().owners()).isEqualTo(before.owners());
    }

    @Test
    void aPromptThatNoSourceHeldIsNotAdmittedToACompleteRun() {
        completeRun();
        TopologyOutput output = topology.send(prompt("What is snow?", 6));
        assertThat(output.silent()).isTrue();
        assertThat(output.progress().getSlots()).isEqualTo(SLOTS);
        assertThat(output.progress().getReplayed()).isEqualTo(1);
    }

    /** An earlier version does not have the field, and reads a repeated end marker. */
    @Test
    void anEarlierVersionReadsItAsARepeatedEndMarker() {
        completeRun();
        TopologyFixture.State before = topology.state();
        TopologyOutput output = topology.send(ended(RUN, "a.jsonl", 1));
        assertThat(output.silent()).isTrue();
        PartitionProgress partitionProgress = before.progress(RUN);
        assertThat(PartitionProgress.newBuilder(output.progress())
                        .setAsOf(partitionProgress.getAsOf())
                        .setPromptsOffset(partitionProgress.getPromptsOffset())
                        .build())
                .isEqualTo(partitionProgress);
        assertThat(topology.rows()).isEqualTo(before.rows());
    }

    @Test
    void allRowKeysStartWithTheRunId() {
        completeRun();
        Set<String> first = topology.rows().keySet().stream()
                .map(key -> key.substring(0, key.indexOf('|')))
                .collect(Collectors.toSet());
        assertThat(first).isEqualTo(Set.of(RUN, OTHER));
    }
}

package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.CommittedSlots;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A prompt that is similar to one without a sample waits for it: it falls to the first sample, or is searched again. */
final class WaitingPromptTest {
    private static final String TEXT =
            IntStream.range(0, 80).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    private final SteeredSearch search = new SteeredSearch();

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(search.steps());

    private long line;
    private RunParameters parameters =
            ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, 1);

    private Prompt prompt(String text) {
        Prompt prompt = ScriptedEvents.prompt(text, "a.jsonl", ++line, parameters);
        prompt.setRunOpenedAt(Instant.EPOCH);
        return prompt;
    }

    private TopologyOutput send(String text) {
        return topology.send(promptEvent(RUN, prompt(text)));
    }

    private TopologyOutput accept(GenerationTask task) {
        return topology.send(
                judged(topology.send(finished(task, "stop", "Because.", "So.")).judgingTask(), 9, 9));
    }

    private TopologyOutput fail(GenerationTask task) {
        return topology.send(failed(task, Reason.TIMED_OUT));
    }

    private void assertWaits(TopologyOutput output) {
        assertThat(output.silent()).isTrue();
    }

    private void assertNoneWaits() {
        assertThat(topology.state().pending()).isEmpty();
        assertThat(topology.state().progress(RUN).getInFlight()).isEmpty();
        topology.state().progress().values().forEach(ReferenceProgress::assertBalanced);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void itFallsWithTheFirstSampleOfTheOther(int shards) {
        parameters = ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, shards);
        List<GenerationTask> tasks = send(TEXT).generation();
        assertWaits(send(TEXT + " One."));
        assertWaits(send(TEXT + " Two."));
        assertThat(topology.state().progress(RUN).getInFlight()).isEqualTo(Map.of("GENERATING", 2L, "CHECKING", 4L));
        TopologyOutput first = accept(tasks.getFirst());
        assertThat(first.samples()).hasSize(1);
        assertThat(first.ends()).hasSize(4).allSatisfy(row -> {
            assertThat(row.getReason()).isEqualTo(Reason.NEAR_DUPLICATE_PROMPT);
            assertThat(row.getDedup().getNear().getId())
                    .isEqualTo(tasks.getFirst().getRef().getPromptId());
        });
        assertThat(fail(tasks.getLast()).ends()).hasSize(1);
        assertThat(send(TEXT + " Three.").ends())
                .as("a prompt with a sample stays kept")
                .hasSize(2);
        assertNoneWaits();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void ifTheOtherFailsTheFirstThatWaitsIsGeneratedForAndTheRestWaitForIt(int shards) {
        parameters = ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, shards);
        GenerationTask task = send(TEXT).task();
        Prompt one = prompt(TEXT + " One.");
        assertWaits(topology.send(promptEvent(RUN, one)));
        assertWaits(send(TEXT + " Two."));
        TopologyOutput failed = fail(task);
        assertThat(failed.end().getReason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failed.task().getRef().getPromptId()).isEqualTo(one.getPromptId());
        assertThat(accept(failed.task()).end().getDedup().getNear().getId()).isEqualTo(one.getPromptId());
        assertNoneWaits();
    }

    @Test
    void ifAllFailEachHasBeenGeneratedFor() {
        TopologyOutput next = send(TEXT);
        IntStream.range(0, 5).forEach(i -> assertWaits(send(TEXT + " " + i)));
        for (int i = 0; i < 5; i++) {
            next = fail(next.task());
        }
        assertThat(fail(next.task()).generation()).isEmpty();
        assertNoneWaits();
    }

    @Test
    void itDoesNotWaitForAnotherRunThatMayNeverGoOn() {
        GenerationTask task = send(TEXT).task();
        Prompt later = prompt(TEXT + " One.");
        later.setRunOpenedAt(Instant.ofEpochMilli(9));
        assertThat(topology.send(promptEvent("run-2", later)).generation()).hasSize(1);
        accept(task);
        Prompt last = prompt(TEXT + " Two.");
        last.setRunOpenedAt(Instant.ofEpochMilli(9));
        assertThat(topology.send(promptEvent("run-2", last))
                        .end()
                        .getDedup()
                        .getNear()
                        .getId())
                .isEqualTo(task.getRef().getPromptId());
    }

    /** Else a cancelled run would end them one after the other. */
    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"CANCELLED", "OVER_BUDGET"})
    void atTheEndOfTheRunNoneWaits(Reason end) {
        GenerationTask task = send(TEXT).task();
        IntStream.range(0, 4).forEach(i -> assertWaits(send(TEXT + " " + i)));
        TopologyOutput released = topology.send(failed(task, end));
        assertThat(released.generation()).hasSize(4);
        released.generation().forEach(each -> topology.send(failed(each, end)));
        assertNoneWaits();
        assertThat(topology.state().progress(RUN).getRejected()).isEqualTo(Map.of(end.name(), 5L));
    }

    @Test
    void aPromptThatReportsOrDoesNotSearchDoesNotWait() {
        for (NearDuplicatePolicy policy : List.of(NearDuplicatePolicy.REPORT, NearDuplicatePolicy.OFF)) {
            parameters = ScriptedEvents.searching(1, 1, policy, NearDuplicatePolicy.REPORT, 1);
            assertThat(send(TEXT + policy).generation()).hasSize(1);
            assertThat(send(TEXT + policy + " One.").generation()).hasSize(1);
        }
    }

    @Test
    void aShardThatFailsOnOneEndsItAndThoseThatWaitForItAreSearchedAgain() {
        search.hold();
        send(TEXT);
        NeighbourAnswer answer = search.release().getFirst();
        assertWaits(send(TEXT + " One."));
        answer.setFailure("planted");
        TopologyOutput output = topology.send(Topics.PROMPT_MATCHES, answer);
        assertThat(output.ends()).hasSize(1);
        assertThat(output.generation()).hasSize(1);
    }

    @Test
    void onceTheLedgerIsRebuiltAPromptWithASampleIsKeptFromItsClaim() {
        parameters = ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, 1);
        Prompt prompt = prompt(TEXT);
        TopologyOutput admitted = topology.send(promptEvent(RUN, prompt));
        var sample = accept(admitted.generation().getFirst()).samples().getFirst();
        topology.reset();
        var committed = new CommittedSlots(RUN, 0, 1);
        committed.addSample(sample);
        topology.restore(committed.rebuild());
        GenerationTask other = topology.send(promptEvent(RUN, prompt)).task();
        assertThat(send(TEXT + " One.").ends()).hasSize(2);
        fail(other);
        assertThat(send(TEXT + " Two.").ends()).hasSize(2);
        assertNoneWaits();
    }

    /** Confirmed with the first sample only: the state of a kept prompt is written once more, not once a sample. */
    @Test
    void aSecondSampleChangesNothing() {
        parameters = ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, 1);
        List<GenerationTask> tasks = send(TEXT).generation();
        accept(tasks.getFirst());
        accept(tasks.getLast());
        assertThat(topology.requests())
                .extracting(NeighbourRequest::getConfirms)
                .containsExactly(false, true);
    }
}

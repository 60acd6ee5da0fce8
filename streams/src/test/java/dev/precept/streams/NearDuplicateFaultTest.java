package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.InvalidReason;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.Seq;
import dev.precept.records.ShingleHashes;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers that are late, doubled, foreign, or that a step fails on; a slot never waits for ever. */
final class NearDuplicateFaultTest {
    private static final String TEXT =
            IntStream.range(0, 80).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    private final SteeredSearch search = new SteeredSearch();

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(search.steps());

    private long line;
    private int shards = 1;

    private TopologyOutput send(String text) {
        RunParameters parameters =
                ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, shards);
        return topology.send(promptEvent(RUN, ScriptedEvents.prompt(text, "a.jsonl", ++line, parameters)));
    }

    private void assertInvalid(TopologyOutput output, Stage stage, int slots) {
        assertThat(output.ends()).hasSize(slots).allSatisfy(row -> {
            assertThat(row.getInvalidReason()).isEqualTo(InvalidReason.PROCESSING_FAILED);
            assertThat(row.getStage()).isEqualTo(stage);
        });
        assertThat(output.deadLetters()).hasSize(1);
        assertThat(topology.state().pending()).isEmpty();
        topology.state().progress().values().forEach(ReferenceProgress::assertBalanced);
    }

    @Test
    void aFailingCheckEndsTheSlotsOfThePromptAndWithdrawsItsClaim() {
        search.fail();
        assertInvalid(send(TEXT), Stage.INTAKE, 2);
        search.release();
        assertThat(send(TEXT + " more").generation()).hasSize(2);
    }

    @Test
    void aFailingLookEndsTheSlot() {
        GenerationTask task = send("How do clouds form?").generation().getFirst();
        search.fail();
        assertInvalid(topology.send(finished(task, "stop", TEXT, "So.")), Stage.CURATION, 1);
    }

    @Test
    void aFailingClaimEndsTheSlotAndIsWithdrawn() {
        List<GenerationTask> tasks = send("How do clouds form?").generation();
        var judging =
                topology.send(finished(tasks.getFirst(), "stop", TEXT, "So.")).judgingTask();
        search.fail();
        assertInvalid(topology.send(judged(judging, 9, 9)), Stage.CURATION, 1);
        search.release();
        var second =
                topology.send(finished(tasks.getLast(), "stop", TEXT, "So.")).judgingTask();
        assertThat(topology.send(judged(second, 9, 9)).samples()).hasSize(1);
    }

    @Test
    void aSlotWhoseShardFailedEndsAsInvalid() {
        search.hold();
        send(TEXT);
        NeighbourAnswer answer = search.release().getFirst();
        answer.setFailure("the near-duplicate search failed: planted");
        TopologyOutput output = topology.send(Topics.PROMPT_MATCHES, answer);
        assertThat(output.ends())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.getDetail()).contains("the near-duplicate search failed: planted"));
        assertThat(send(TEXT + " more").generation())
                .as("the claim is withdrawn")
                .hasSize(2);
    }

    @Test
    void whileASlotWaitsARepeatedPromptAndAClosingMarkerChangeNothing() {
        search.hold();
        send(TEXT);
        topology.send(ScriptedEvents.ended(RUN, "a.jsonl", 1));
        TopologyFixture.State before = topology.state();
        assertThat(before.rows().values()).extracting(row -> row.getState()).containsOnly(SlotState.CHECKING);
        assertThat(before.progress(RUN).getInFlight()).isEqualTo(Map.of("CHECKING", 2L));
        assertThat(before.progress(RUN).getComplete()).isFalse();
        line--;
        assertThat(send(TEXT).silent()).isTrue();
        topology.send(ScriptedEvents.closed(RUN, "a.jsonl", 1));
        assertThat(topology.state().rows()).isEqualTo(before.rows());
        assertThat(topology.state().pending()).isEqualTo(before.pending());
    }

    @Test
    void anAnswerThatComesTwiceOrLateOrForAnotherAttemptChangesNothing() {
        search.hold();
        send("How do clouds form?");
        NeighbourAnswer checked = search.release().getFirst();
        GenerationTask task =
                topology.send(Topics.PROMPT_MATCHES, checked).generation().getFirst();
        assertUnchanged(checked, Topics.PROMPT_MATCHES);
        search.hold();
        topology.send(finished(task, "stop", TEXT, "So."));
        NeighbourAnswer looked = search.release().getFirst();
        NeighbourAnswer other = NeighbourAnswer.newBuilder(looked).build();
        other.getRef().setAttempt(2);
        assertUnchanged(other, Topics.REASONING_MATCHES);
        assertUnchanged(
                NeighbourAnswer.newBuilder(looked)
                        .setAction(NeighbourAction.CLAIM)
                        .build(),
                Topics.REASONING_MATCHES);
        assertUnchanged(NeighbourAnswer.newBuilder(looked).setShard(1).build(), Topics.REASONING_MATCHES);
        var judging = topology.send(Topics.REASONING_MATCHES, looked).judgingTask();
        assertUnchanged(looked, Topics.REASONING_MATCHES);
        assertThat(topology.send(judged(judging, 9, 9)).samples()).hasSize(1);
        NeighbourAnswer foreign = NeighbourAnswer.newBuilder(checked).build();
        foreign.getRef().setRunId("another");
        assertUnchanged(foreign, Topics.PROMPT_MATCHES);
    }

    private void assertUnchanged(NeighbourAnswer answer, Topic<NeighbourAnswer> topic) {
        TopologyFixture.State before = topology.state();
        assertThat(topology.send(topic, answer).silent()).isTrue();
        assertThat(topology.state()).isEqualTo(before);
    }

    @Test
    void theAnswersOfSeveralShardsAreCombinedInWhateverOrder() {
        shards = 3;
        GenerationTask task = send(TEXT).generation().getFirst();
        topology.send(
                judged(topology.send(finished(task, "stop", "Because.", "So.")).judgingTask(), 9, 9));
        String first = task.getRef().getPromptId();
        search.hold();
        send(TEXT + " more");
        List<NeighbourAnswer> answers = new ArrayList<>(search.release());
        assertThat(answers).hasSize(3);
        Collections.reverse(answers);
        assertThat(topology.send(Topics.PROMPT_MATCHES, answers.get(0)).silent())
                .isTrue();
        assertUnchanged(answers.get(0), Topics.PROMPT_MATCHES);
        assertThat(topology.send(Topics.PROMPT_MATCHES, answers.get(1)).silent())
                .isTrue();
        TopologyOutput output = topology.send(Topics.PROMPT_MATCHES, answers.get(2));
        assertThat(output.ends()).hasSize(2).allSatisfy(row -> {
            assertThat(row.getReason()).isEqualTo(Reason.NEAR_DUPLICATE_PROMPT);
            assertThat(row.getDedup().getNear().getId()).isEqualTo(first);
        });
        assertThat(topology.state().pending()).isEmpty();
    }

    /** Another program may write to the topics: its records end no slot, and stop no thread. */
    @Test
    void aForeignRequestIsADeadLetterAndIsAnsweredToNone() {
        NeighbourRequest request = NeighbourRequest.newBuilder()
                .setAction(NeighbourAction.CLAIM)
                .setRef(send("How do clouds form?").generation().getFirst().getRef())
                .setPartition(0)
                .setShard(0)
                .setId("x")
                .setRunOpenedAt(Instant.EPOCH)
                .setSeq(new Seq(0L, 0, 0))
                .setShingles(List.of(new ShingleHashes("SYLLABLES", ByteBuffer.allocate(4))))
                .setBands(List.of(1L))
                .build();
        byte[] bytes = topology.bytes(Topics.PROMPT_SIGNATURES, request);
        TopologyFixture.State before = topology.state();
        TopologyOutput output = topology.send(Topics.PROMPT_SIGNATURES, "key", bytes);
        assertThat(output.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getStep()).isEqualTo("prompt-neighbours");
            assertThat(letter.getCause()).startsWith("the request failed: IllegalArgumentException");
        });
        assertThat(topology.send(Topics.REASONING_SIGNATURES, "key", new byte[] {7})
                        .deadLetters())
                .hasSize(1);
        assertThat(topology.send(Topics.REASONING_SIGNATURES, null, null).deadLetters())
                .hasSize(1);
        assertThat(topology.state()).isEqualTo(before);
        assertThat(topology.send(Topics.PROMPT_MATCHES, "key", new byte[] {7}).deadLetters())
                .hasSize(1);
        assertThat(topology.state()).isEqualTo(before);
    }
}

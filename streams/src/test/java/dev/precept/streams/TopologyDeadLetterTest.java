package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.precept.content.Sha256;
import dev.precept.records.DeadLetter;
import dev.precept.records.InvalidReason;
import dev.precept.records.Outcome;
import dev.precept.records.PromptEvent;
import dev.precept.records.Run;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TopologyDeadLetterTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private PromptEvent event;

    @BeforeEach
    void open() {
        event = promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1)));
    }

    private void assertDeadLetter(
            Topic<?> topic, String step, long offset, @Nullable String key, byte @Nullable [] bytes) {
        TopologyOutput output = topology.send(topic, key, bytes);
        assertThat(output.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getTopic()).isEqualTo("line." + topic.name());
            assertThat(letter.getPartition()).isZero();
            assertThat(letter.getOffset()).isEqualTo(offset);
            assertThat(letter.getStep()).isEqualTo(step);
            assertThat(letter.getCause()).isNotBlank();
        });
        assertThat(output.progressRecords()).isEmpty();
        assertThat(output.generation()).isEmpty();
        assertThat(output.rejections()).isEmpty();
        assertThat(topology.rows()).isEmpty();
    }

    static Stream<Arguments> inputs() {
        return Stream.of(
                arguments(Topics.PROMPTS, "intake"),
                arguments(Topics.CANDIDATES, "screen"),
                arguments(Topics.VERDICTS, "decide"));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anUndecodableRecordOfAnyInputGivesItsCoordinates(Topic<?> topic, String step) {
        byte[] foreign = topology.bytes(Topics.RUNS, new Run("r", "{}", 1, Instant.EPOCH, false, false, null));
        assertDeadLetter(topic, step, 0, "key", new byte[] {1, 2, 3});
        assertDeadLetter(topic, step, 1, "key", new byte[0]);
        assertDeadLetter(topic, step, 2, "key", new byte[] {0, 0, 0, 99, 99, 1});
        assertDeadLetter(topic, step, 3, "key", foreign);
        assertDeadLetter(topic, step, 4, "key", null);
    }

    @Test
    void aRecordWithoutAKeyIsADeadLetter() {
        assertDeadLetter(Topics.PROMPTS, "intake", 0, null, topology.bytes(Topics.PROMPTS, event));
    }

    @Test
    void aTruncatedRecordIsADeadLetter() {
        byte[] whole = topology.bytes(Topics.PROMPTS, event);
        for (int length = 0; length < whole.length; length++) {
            assertDeadLetter(Topics.PROMPTS, "intake", length, "key", Arrays.copyOf(whole, length));
        }
    }

    /** The publisher names the run in a header: the run would otherwise complete one prompt short. */
    @Test
    void anUnreadablePromptOfARunIsAnInvalidSlot() {
        byte[] bytes = {1, 2, 3};
        TopologyOutput output = topology.sendPublished(RUN, "cafe", bytes);
        assertThat(output.deadLetters()).hasSize(1);
        assertThat(output.end().getOutcome()).isEqualTo(Outcome.INVALID);
        assertThat(output.end().getInvalidReason()).isEqualTo(InvalidReason.UNREADABLE);
        assertThat(output.end().getPromptId()).isEqualTo(Sha256.hex(bytes));
        assertThat(output.end().getSlotId()).isEqualTo(Sha256.hex(bytes) + "@prompts:0:cafe#0");
        assertThat(output.end().getDetail())
                .startsWith("the record at offset 0 of partition 0 cannot be decoded: not a record of this topic");
        assertThat(output.progress().getSlots()).isEqualTo(1);
        assertThat(output.progress().getPromptsRead()).isEqualTo(1);
        assertThat(output.progress().getInvalid()).isEqualTo(Map.of("UNREADABLE", 1L));

        TopologyOutput repeated = topology.sendPublished(RUN, "cafe", bytes);
        assertThat(repeated.ends()).as("the same bytes under the same key").isEmpty();
        assertThat(repeated.progress().getReplayed()).isEqualTo(1);
        assertThat(topology.sendPublished(RUN, "babe", bytes).progress().getSlots())
                .as("the same bytes of another prompt")
                .isEqualTo(2);
        assertThat(topology.send(ScriptedEvents.ended(RUN, "a.jsonl", 1)).completions())
                .hasSize(2);
    }

    @Test
    void aRunWaitsForAnUnreadableEndMarkerToBeSentAgain() {
        byte[] marker = topology.bytes(Topics.PROMPTS, ScriptedEvents.ended(RUN, "a.jsonl", 1));
        topology.sendPublished(RUN, "cafe", new byte[] {1, 2, 3});
        TopologyOutput damaged = topology.send(Topics.PROMPTS, "a.jsonl", Arrays.copyOf(marker, marker.length - 3));
        assertThat(damaged.deadLetters()).hasSize(1);
        assertThat(damaged.completions()).isEmpty();
        assertThat(topology.send(ScriptedEvents.ended(RUN, "a.jsonl", 1)).completions())
                .hasSize(2);
    }

    @Test
    void theTopologyContinuesAfterIt() {
        topology.send(Topics.PROMPTS, "key", new byte[] {1, 2, 3});
        assertThat(topology.send(event).generation()).hasSize(1);
    }

    @Test
    void theLetterNeverContainsTheBytes() {
        DeadLetter letter = topology.send(Topics.PROMPTS, "key", "a secret prompt".getBytes(StandardCharsets.UTF_8))
                .deadLetters()
                .getFirst();
        assertThat(letter.toString()).doesNotContain("secret");
    }
}

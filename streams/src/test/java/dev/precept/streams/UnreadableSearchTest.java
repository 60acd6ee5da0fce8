package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.DeadLetter;
import dev.precept.records.GenerationTask;
import dev.precept.records.InvalidReason;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.Prompt;
import dev.precept.records.SlotRef;
import dev.precept.records.Stage;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.SearchKey;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request or an answer of the near-duplicate search that cannot be decoded: its key names the slot that it ends. */
final class UnreadableSearchTest {
    private static final String TEXT =
            IntStream.range(0, 80).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    private static final byte[] UNREADABLE = {7};

    private final SteeredSearch search = new SteeredSearch();

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(search.steps());

    private long line;

    private Prompt prompt(String text) {
        Prompt prompt = ScriptedEvents.prompt(
                text,
                "a|b.jsonl",
                ++line,
                ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, 1));
        prompt.setRunOpenedAt(Instant.EPOCH);
        return prompt;
    }

    private static String key(Prompt prompt) {
        return SearchKey.ofPrompt(0, new SlotRef(RUN, prompt.getPromptId(), prompt.getOrigin(), 0, 1, 1))
                .text();
    }

    private static void assertInvalid(TopologyOutput output, Stage stage, int slots) {
        assertThat(output.ends()).hasSize(slots).allSatisfy(row -> {
            assertThat(row.getInvalidReason()).isEqualTo(InvalidReason.PROCESSING_FAILED);
            assertThat(row.getStage()).isEqualTo(stage);
            assertThat(row.getDetail()).contains("cannot be decoded");
        });
    }

    @Test
    void theSlotsOfAPromptThatWaitsForIt() {
        for (Topic<?> topic : new Topic<?>[] {Topics.PROMPT_SIGNATURES, Topics.PROMPT_MATCHES}) {
            Prompt prompt = prompt(TEXT + topic.name());
            search.hold();
            topology.send(promptEvent(RUN, prompt));
            search.release();
            TopologyOutput output = topology.send(topic, key(prompt), UNREADABLE);
            assertInvalid(output, Stage.INTAKE, 2);
            assertThat(output.deadLetters())
                    .extracting(DeadLetter::getCause)
                    .anyMatch(cause ->
                            topic.equals(Topics.PROMPT_MATCHES) || cause.contains(RUN + "|" + prompt.getPromptId()));
            assertThat(topology.state().pending()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSlotWhoseReasoningWaitsForIt(boolean claimed) {
        for (Topic<?> topic : new Topic<?>[] {Topics.REASONING_SIGNATURES, Topics.REASONING_MATCHES}) {
            GenerationTask task = topology.send(promptEvent(RUN, prompt(topic.name() + claimed)))
                    .generation()
                    .getLast();
            search.hold();
            String reasoning = TEXT + topic.name();
            if (claimed) {
                search.release();
                var judging =
                        topology.send(finished(task, "stop", reasoning, "So.")).judgingTask();
                search.hold();
                topology.send(judged(judging, 9, 9));
            } else {
                topology.send(finished(task, "stop", reasoning, "So."));
            }
            search.release();
            assertInvalid(
                    topology.send(topic, SearchKey.ofReasoning(0, task.getRef()).text(), UNREADABLE),
                    Stage.CURATION,
                    1);
            assertThat(topology.state().pending()).isEmpty();
        }
    }

    /** What could not be read may have been its confirmation or its withdrawal. */
    @Test
    void promptsThatWaitForTheOneThatItNamesAreSearchedAgain() {
        Prompt first = prompt(TEXT);
        topology.send(promptEvent(RUN, first));
        assertThat(topology.send(promptEvent(RUN, prompt(TEXT + " One."))).silent())
                .isTrue();
        TopologyOutput output = topology.send(Topics.PROMPT_SIGNATURES, key(first), UNREADABLE);
        assertThat(output.generation()).hasSize(2);
        assertThat(output.ends()).as("the slots of the first go on").isEmpty();
    }

    @Test
    void aKeyOfAnotherProgramNamesNothing() {
        topology.send(promptEvent(RUN, prompt(TEXT)));
        TopologyFixture.State before = topology.state();
        for (String key : new String[] {"key", "1|2", "99|run-9|prompt", "x|" + RUN + "|p", "", null}) {
            for (Topic<?> topic : new Topic<?>[] {Topics.PROMPT_SIGNATURES, Topics.REASONING_MATCHES}) {
                assertThat(topology.send(topic, key, UNREADABLE).deadLetters()).isNotEmpty();
            }
        }
        assertThat(topology.state()).isEqualTo(before);
    }
}

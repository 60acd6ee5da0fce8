package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Completion;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Message;
import dev.precept.records.Prompt;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.SlotId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AcceptedSlotTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    @Test
    void movesFromPromptToTaskToCandidateToVerdictToSample() {
        Prompt prompt = ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 3));

        TopologyOutput admitted = topology.send(promptEvent(RUN, prompt));
        GenerationTask task = admitted.task();
        assertThat(task.getRef()).isEqualTo(new SlotRef(RUN, prompt.getPromptId(), prompt.getOrigin(), 0, 1, 1));
        assertThat(task.getPrompt()).isEqualTo(prompt);
        assertThat(task.getMaxTokens()).isEqualTo(1_000);
        assertThat(admitted.progress().getInFlight()).isEqualTo(Map.of("GENERATING", 1L));
        assertThat(admitted.progress().getPromptsRead()).isEqualTo(1);

        TopologyOutput screened = topology.send(ScriptedEvents.completed(task, "They cool."));
        JudgingTask judging = screened.judgingTask();
        assertThat(judging.getCandidate()).isEqualTo(ScriptedEvents.completed(task, "They cool."));
        assertThat(screened.progress().getInFlight()).isEqualTo(Map.of("JUDGING", 1L));

        TopologyOutput accepted = topology.send(judged(judging, 8, 9.5));
        Sample sample = accepted.sample();
        assertThat(accepted.rejections()).isEmpty();
        assertThat(sample.getSampleId()).isEqualTo(SlotId.sampleId(RUN, prompt.getPromptId() + "#0"));
        assertThat(sample.getRunId()).isEqualTo(RUN);
        assertThat(sample.getReasoning()).isEqualTo("Because of attempt 1");
        assertThat(sample.getAnswer()).isEqualTo("They cool.");
        assertThat(sample.getJudge()).isEqualTo(judged(judging, 8, 9.5).getVotes());
        assertThat(sample.getJudgeMin()).isEqualTo(8);
        assertThat(sample.getCitedClauses()).containsExactly("weather-K1");
        assertThat(sample.getSource().getUri()).isEqualTo("a.jsonl");
        assertThat(sample.getGenerator()).isEqualTo(judging.getCandidate().getGenerator());
        assertThat(sample.getDedup().getSeq()).isEqualTo(new Seq(0L, 0, 0));
        assertThat(accepted.progress().getAccepted()).isEqualTo(1);
        assertThat(accepted.progress().getInFlight()).isEmpty();
        assertThat(accepted.progress().getAsOf()).isEqualTo(Instant.EPOCH);
        assertThat(topology.rows().values()).extracting("state").containsExactly(SlotState.ACCEPTED);
    }

    @Test
    void theTrainingMessagesAreThePromptsConversationAndOneAssistantTurn() {
        List<Message> conversation = List.of(
                message("system", "You are brief."),
                message("user", "Hello"),
                message("assistant", "Hi."),
                message("user", "What is the weather?"));
        String tools = "[{\"type\":\"function\"}]";
        Prompt prompt = Prompt.newBuilder(ScriptedEvents.prompt("x", "a.jsonl", 1, runParameters(1, 1)))
                .setPromptId(ContentId.ofPrompt(conversation, tools))
                .setMessages(conversation)
                .setTools(tools)
                .setSideInfo("known to be benign")
                .build();
        GenerationTask task = topology.send(promptEvent(RUN, prompt)).task();
        var called = ScriptedEvents.finished(task, "tool_calls", "I should look.", "");
        ((Completion) called.getOutcome()).setToolCalls("[{\"id\":\"1\"}]");
        Sample sample =
                topology.send(judged(topology.send(called).judgingTask(), 9, 9)).sample();
        Message turn = Message.newBuilder()
                .setRole("assistant")
                .setContent("")
                .setReasoningContent("I should look.")
                .setToolCalls("[{\"id\":\"1\"}]")
                .build();
        assertThat(sample.getMessages())
                .startsWith(conversation.toArray(Message[]::new))
                .endsWith(turn)
                .hasSize(5);
        assertThat(sample.getTools()).isEqualTo(tools);
        assertThat(sample.getSideInfo()).isEqualTo("known to be benign");
        assertThat(sample.getDedup().getContentHash()).isEqualTo(ContentId.ofSample(sample.getMessages(), tools));
    }

    @Test
    void aPromptHasOneSlotPerRequestedSample() {
        Prompt prompt = ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(3, 1));
        List<GenerationTask> tasks = topology.send(promptEvent(RUN, prompt)).generation();
        assertThat(tasks).extracting(task -> task.getRef().getSlot()).containsExactly(0, 1, 2);
        for (GenerationTask task : tasks) {
            Sample sample = topology.send(judged(
                            topology.send(ScriptedEvents.completed(
                                            task, "So " + task.getRef().getSlot()))
                                    .judgingTask(),
                            8,
                            8))
                    .sample();
            assertThat(sample.getSlot()).isEqualTo(task.getRef().getSlot());
            assertThat(sample.getDedup().getSeq()).isEqualTo(new Seq(0L, 0, sample.getSlot()));
        }
        assertThat(topology.rows()).hasSize(3);
    }

    @Test
    void theSamePromptInAnotherRunIsAnotherSlot() {
        Prompt prompt = ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1));
        GenerationTask first = topology.send(promptEvent(RUN, prompt)).task();
        GenerationTask second = topology.send(promptEvent("run-2", prompt)).task();
        Sample one = topology.send(judged(
                        topology.send(ScriptedEvents.completed(first, "So.")).judgingTask(), 8, 8))
                .sample();
        Sample two = topology.send(judged(
                        topology.send(ScriptedEvents.completed(second, "So.")).judgingTask(), 8, 8))
                .sample();
        assertThat(one.getSampleId()).isNotEqualTo(two.getSampleId());
        assertThat(two.getRunId()).isEqualTo("run-2");
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }
}

package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RunParameters;
import dev.precept.records.Sample;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.text.Banding;
import dev.precept.text.Signer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text falls to an earlier one that is kept, and no text falls for another reason. */
final class NearDuplicateTest {
    /** 60 words in six sentences. */
    private static final String TEXT = """
            The reader asks how rain forms over a warm sea. Water leaves the surface as vapour when the sun heats it. \
            The vapour rises with the air and cools on its way up. Small drops condense around grains of salt and dust. \
            Drops meet, join, and grow until the air cannot carry them. Then they fall, and the reader feels the first rain of the day.""";

    private static final String OTHER = """
            A harbour keeps its ships safe behind two long walls of stone. Each morning a pilot rows out to meet the \
            freighters and steers them through the narrow gate. Cranes lift the cargo, clerks count the crates, and by \
            noon the quay smells of coffee and tar. At dusk the lamps are lit and the keeper writes the log.""";

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private long line;

    private RunParameters parameters =
            ScriptedEvents.searching(1, 2, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, 1);

    private Prompt prompt(String text) {
        Prompt prompt = ScriptedEvents.prompt(text, "a.jsonl", ++line, parameters);
        prompt.setRunOpenedAt(Instant.EPOCH);
        return prompt;
    }

    private TopologyOutput send(String text) {
        return topology.send(promptEvent(RUN, prompt(text)));
    }

    /** The sample, or the next task, of a completion that the judges pass. */
    private TopologyOutput answer(GenerationTask task, String reasoning) {
        return answer(task, reasoning, "So.");
    }

    private TopologyOutput answer(GenerationTask task, String reasoning, String answer) {
        TopologyOutput screened = topology.send(finished(task, "stop", reasoning, answer));
        return screened.judging().isEmpty() ? screened : topology.send(judged(screened.judgingTask(), 9, 9));
    }

    private Sample sample(String prompt, String reasoning) {
        return answer(send(prompt).task(), reasoning).samples().getFirst();
    }

    private static final Map<String, String> DISGUISES = Map.of(
            "the same words", TEXT + "!",
            "letter case", TEXT.toUpperCase(Locale.ROOT),
            "spacing", TEXT.replace(" ", "  ").replace(". ", ".\n\n"),
            "Markdown", TEXT.replace("warm sea", "**warm sea**").replace("The vapour", "- The vapour"),
            "one word", TEXT.replace("the first rain", "the early rain"),
            "one sentence more", TEXT + " All is wet.");

    @Test
    void aPromptFallsToAnEarlierOne() {
        String first = sample(TEXT, OTHER).getPromptId();
        long firstLine = line;
        DISGUISES.forEach((disguise, text) -> {
            TopologyOutput second = send(text);
            assertThat(second.generation()).as(disguise).isEmpty();
            assertThat(second.end().getReason()).as(disguise).isEqualTo(Reason.NEAR_DUPLICATE_PROMPT);
            assertThat(second.end().getStage()).isEqualTo(Stage.INTAKE);
            assertThat(second.end().getDetail())
                    .matches(
                            "similar \\(.\\...\\) to prompt a\\.jsonl:" + firstLine + ", id " + first.substring(0, 12));
            assertThat(second.end().getDedup().getNear().getId()).isEqualTo(first);
        });
        assertThat(topology.state().progress(RUN).getRejected())
                .isEqualTo(Map.of("NEAR_DUPLICATE_PROMPT", (long) DISGUISES.size()));
    }

    @Test
    void aReasoningFallsToThatOfAnEarlierSampleBeforeItIsJudged() {
        Sample first = sample("How does rain form?", TEXT);
        long firstLine = line;
        DISGUISES.forEach((disguise, text) -> {
            GenerationTask task = send("What is a " + disguise + "?").task();
            TopologyOutput second = topology.send(finished(task, "stop", text, "So."));
            assertThat(second.judging()).as("no vote is paid for " + disguise).isEmpty();
            assertThat(second.rejections()).as(disguise).singleElement().satisfies(row -> {
                assertThat(row.getReason()).isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
                assertThat(row.getStage()).isEqualTo(Stage.CURATION);
                assertThat(row.getTerminal()).isFalse();
                assertThat(row.getReasoning()).isEqualTo(text);
                assertThat(row.getDetail())
                        .matches("similar \\(.\\...\\) to the reasoning for a\\.jsonl:" + firstLine + ", sample "
                                + first.getSampleId().substring(0, 12));
                assertThat(row.getDedup().getNear().getId()).isEqualTo(first.getSampleId());
            });
            assertThat(second.task().getRef().getAttempt()).isEqualTo(2);
            TopologyOutput last = topology.send(finished(second.task(), "stop", text, "So."));
            assertThat(last.end().getReason()).isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
            assertThat(last.end().getDedup().getNear().getId()).isEqualTo(first.getSampleId());
            assertThat(last.progress().getInFlight()).isEmpty();
        });
    }

    @Test
    void theNextAttemptMayHaveAnotherReasoning() {
        sample("How does rain form?", TEXT);
        TopologyOutput failed = answer(send("What do harbours do at night?").task(), TEXT);
        assertThat(answer(failed.task(), OTHER).samples()).hasSize(1);
    }

    @Test
    void identicalAnswersToDifferentPromptsAreAllKept() {
        String refusal = "I can't help with that. Ask a doctor, or call the emergency number where you live.";
        for (String text :
                List.of(TEXT, OTHER, "Ice floats because it is lighter than the water that it was made of.")) {
            GenerationTask task = send("Explain this to me: " + text).task();
            assertThat(answer(task, text, refusal).samples()).hasSize(1);
        }
    }

    @Test
    void ofTwoReasoningsThatAreJudgedAtTheSameTimeTheLaterFallsAtTheClaim() {
        JudgingTask one = topology.send(finished(send("How does rain form?").task(), "stop", TEXT, "So."))
                .judgingTask();
        JudgingTask two = topology.send(finished(send("Harbours at night?").task(), "stop", TEXT + " Yes.", "So."))
                .judgingTask();
        assertThat(topology.send(judged(one, 9, 9)).samples()).hasSize(1);
        TopologyOutput fallen = topology.send(judged(two, 9, 9));
        assertThat(fallen.samples()).isEmpty();
        assertThat(fallen.rejections().getFirst().getReason()).isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
        assertThat(fallen.rejections().getFirst().getJudge()).hasSize(2);
    }

    /** Otherwise the lower could fall as well, to a third one, and the cluster lose all its members. */
    @Test
    void noneFallsToALaterOne() {
        JudgingTask one = topology.send(finished(send("How does rain form?").task(), "stop", TEXT, "So."))
                .judgingTask();
        JudgingTask two = topology.send(finished(send("Harbours at night?").task(), "stop", TEXT + " Yes.", "So."))
                .judgingTask();
        assertThat(topology.send(judged(two, 9, 9)).samples()).hasSize(1);
        assertThat(topology.send(judged(one, 9, 9)).samples())
                .as("a release decides")
                .hasSize(1);
    }

    @Test
    void reasoningsOfSiblingsFall() {
        parameters = ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, 1);
        List<GenerationTask> tasks = send("How does rain form?").generation();
        assertThat(tasks).as("one request a prompt, all its slots").hasSize(2);
        assertThat(answer(tasks.getFirst(), TEXT).samples()).hasSize(1);
        assertThat(answer(tasks.getLast(), TEXT).end().getReason()).isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
    }

    @Test
    void anotherRunOfThePromptsMakesItsSamplesAgain() {
        Prompt prompt = prompt(TEXT);
        assertThat(answer(topology.send(promptEvent(RUN, prompt)).task(), OTHER).samples())
                .hasSize(1);
        Prompt again = Prompt.newBuilder(prompt)
                .setRunOpenedAt(Instant.ofEpochMilli(9))
                .build();
        TopologyOutput admitted = topology.send(promptEvent("run-2", again));
        assertThat(answer(admitted.task(), OTHER).samples()).hasSize(1);
    }

    @Test
    void aPromptOfALaterRunFallsToOneOfAnEarlierRun() {
        sample(TEXT, OTHER);
        Prompt later = prompt(TEXT + " Yes?");
        later.setRunOpenedAt(Instant.ofEpochMilli(9));
        assertThat(topology.send(promptEvent("run-2", later)).end().getReason())
                .isEqualTo(Reason.NEAR_DUPLICATE_PROMPT);
    }

    @Test
    void aPromptWithASampleIsKeptThoughAnotherOfItsSlotsFails() {
        parameters = ScriptedEvents.searching(2, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, 1);
        List<GenerationTask> tasks = send(TEXT).generation();
        assertThat(answer(tasks.getFirst(), OTHER).samples()).hasSize(1);
        topology.send(ScriptedEvents.failed(tasks.getLast(), Reason.TIMED_OUT));
        assertThat(send(TEXT + " Two.").ends())
                .extracting(Rejection::getReason)
                .containsOnly(Reason.NEAR_DUPLICATE_PROMPT)
                .hasSize(2);
    }

    @Test
    void whereTheyAreReportedAllAreKeptAndNameTheEarlierSample() {
        parameters = ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REPORT, NearDuplicatePolicy.REPORT, 1);
        Sample first = sample(TEXT, OTHER);
        Sample second = sample(TEXT + " Yes.", OTHER + " Yes.");
        Sample third = sample(TEXT + " Yes. Yes.", OTHER + " Yes.");
        assertThat(first.getDedup().getNear()).isNull();
        assertThat(second.getDedup().getNear().getId()).isEqualTo(first.getSampleId());
        assertThat(second.getDedup().getNear().getSimilarity()).isBetween(0.8, 1.0);
        assertThat(second.getDedup().getNear().getUri()).isEqualTo("a.jsonl");
        assertThat(second.getDedup().getNear().getLine())
                .isEqualTo(first.getSource().getLine());
        assertThat(third.getDedup().getNear().getId())
                .as("the most similar one")
                .isEqualTo(second.getSampleId());
        assertThat(third.getDedup().getNear().getSimilarity()).isEqualTo(1.0);
    }

    @Test
    void aSampleKeepsTheBandsOfWhatIsCompared() {
        Banding banding = Banding.of(0.8);
        Sample sample = sample("How does rain form?", TEXT);
        assertThat(sample.getDedup().getBands())
                .containsExactlyElementsOf(
                        Arrays.stream(new Signer(banding).sign(TEXT).bands())
                                .boxed()
                                .toList());
        assertThat(sample.getDedup().getPromptBands()).hasSize(banding.bands());
        assertThat(sample.getDedup().getSignature()).isEqualTo("1/" + banding.bands() + "x" + banding.rows());
        assertThat(sample.getDedup().getNear()).isNull();
    }

    @Test
    void whereTheyAreOffNothingIsComparedOrSigned() {
        parameters = ScriptedEvents.runParameters(1, 1);
        sample(TEXT, OTHER);
        Sample second = sample(TEXT + " Yes.", OTHER);
        assertThat(second.getDedup().getBands()).isEmpty();
        assertThat(second.getDedup().getPromptBands()).isEmpty();
        assertThat(second.getDedup().getSignature()).isNull();
        assertThat(topology.state().pending()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void nothingWaitsOnceAllIsAnswered(int shards) {
        parameters = ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, shards);
        sample(TEXT, OTHER);
        assertThat(send(TEXT + " Yes.").end().getReason()).isEqualTo(Reason.NEAR_DUPLICATE_PROMPT);
        assertThat(answer(send("What do harbours do at night?").task(), OTHER)
                        .end()
                        .getReason())
                .isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
        assertThat(topology.state().pending()).isEmpty();
        assertThat(topology.rows().values())
                .allSatisfy(row -> assertThat(row.getState()).isIn(SlotState.ACCEPTED, SlotState.REJECTED));
    }

    @Test
    void aPromptWithoutWordsIsComparedWithNone() {
        assertThat(send("!?").generation()).hasSize(1);
        assertThat(send("?!").generation()).hasSize(1);
    }

    @Test
    void theRowOfAFallenPromptHoldsThePrompt() {
        sample(TEXT, OTHER);
        Rejection row = send(TEXT + " Yes.").end();
        assertThat(row.getMessages()).hasSize(1);
        assertThat(row.getSlotId()).isEqualTo(row.getPromptId() + "#0");
        assertThat(row.getDedup().getSeq()).isNotNull();
    }
}

package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.ended;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.CategoryLimit;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Stage;
import dev.precept.streams.ledger.CommittedSlots;
import dev.precept.streams.ledger.RebuiltLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A category that has its samples is not generated further, and what is judged is kept. */
final class QuotaTest {
    private static final CategoryLimit WEATHER = new CategoryLimit("weather", 8L, 2L);
    private static final CategoryLimit FOOD = new CategoryLimit("food", 80L, 20L);

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private final List<Sample> samples = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private int lines;

    private Prompt prompt(List<String> categories, @Nullable List<CategoryLimit> limits) {
        lines++;
        Prompt prompt = ScriptedEvents.prompt("Question " + lines, "a.jsonl", lines, runParameters(1, 2));
        prompt.setCategories(categories);
        prompt.setLimits(limits);
        return prompt;
    }

    private TopologyOutput send(Prompt prompt) {
        return committed(topology.send(promptEvent(RUN, prompt)));
    }

    private TopologyOutput committed(TopologyOutput output) {
        samples.addAll(output.samples());
        rejections.addAll(output.rejections());
        return output;
    }

    private GenerationTask admit() {
        return send(prompt(List.of("weather"), List.of(WEATHER))).task();
    }

    private TopologyOutput accept(GenerationTask task) {
        return committed(
                topology.send(judged(topology.send(completed(task, "So.")).judgingTask(), 9, 9)));
    }

    private void assertOverQuota(TopologyOutput output) {
        assertThat(output.generation()).isEmpty();
        assertThat(output.rejections()).last().satisfies(end -> {
            assertThat(end.getTerminal()).isTrue();
            assertThat(end.getReason()).isEqualTo(Reason.OVER_QUOTA);
            assertThat(end.getStage()).isEqualTo(Stage.INTAKE);
            assertThat(end.getDetail()).isEqualTo("weather has 2 samples on this partition, enough for a quota of 8");
        });
    }

    @Test
    void promptsAndNextAttemptsOfAFullCategoryEndAndJudgedSamplesAreKept() {
        GenerationTask failing = admit();
        JudgingTask late = topology.send(completed(admit(), "So.")).judgingTask();
        accept(admit());
        TopologyOutput second = accept(admit());
        assertThat(second.progress().getAcceptedOfCategory()).isEqualTo(Map.of("weather", 2L));

        TopologyOutput over = send(prompt(List.of("weather"), List.of(WEATHER)));
        assertOverQuota(over);
        assertThat(over.progress().getRejected()).isEqualTo(Map.of("OVER_QUOTA", 1L));

        JudgingTask low = topology.send(completed(failing, "So.")).judgingTask();
        TopologyOutput failed = committed(topology.send(judged(low, 1)));
        assertOverQuota(failed);
        assertThat(failed.rejections()).hasSize(2);
        assertThat(failed.rejections().getFirst().getReason()).isEqualTo(Reason.LOW_SCORE);

        assertThat(committed(topology.send(judged(late, 9, 9))).samples()).hasSize(1);
    }

    @Test
    void aPromptWithAnOpenCategoryOrWithoutLimitsIsGenerated() {
        accept(admit());
        accept(admit());
        assertThat(send(prompt(List.of("weather", "food"), List.of(WEATHER, FOOD)))
                        .generation())
                .hasSize(1);
        assertThat(send(prompt(List.of("weather"), null)).generation()).hasSize(1);
    }

    @Test
    void aSampleOfTwoCategoriesCountsForNone() {
        TopologyOutput output = accept(
                send(prompt(List.of("weather", "food"), List.of(WEATHER, FOOD))).task());
        assertThat(output.progress().getAcceptedOfCategory()).isEmpty();
        assertThat(output.progress().getAccepted()).isEqualTo(1);
    }

    @Test
    void aRebuiltLedgerKnowsTheCounts() {
        accept(admit());
        TopologyOutput last = accept(admit());
        send(prompt(List.of("weather"), List.of(WEATHER)));
        topology.reset();
        CommittedSlots slots = new CommittedSlots(RUN, 0, 2);
        rejections.forEach(slots::addRejection);
        samples.forEach(slots::addSample);
        RebuiltLedger rebuilt = slots.rebuild();
        ReferenceProgress.assertBalanced(rebuilt.progress());
        assertThat(rebuilt.progress().getAcceptedOfCategory())
                .isEqualTo(last.progress().getAcceptedOfCategory());
        assertThat(rebuilt.progress().getRejected()).isEqualTo(Map.of("OVER_QUOTA", 1L));
        topology.restore(rebuilt);
        assertOverQuota(send(prompt(List.of("weather"), List.of(WEATHER))));
        assertThat(topology.send(ended(RUN, "a.jsonl", 1)).progress().getComplete())
                .isTrue();
    }
}

package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Recorded prompts and reasonings of a real model, with planted copies: only the copies fall, each to its original. */
@Tag("large")
final class NearDuplicateRecordingTest {
    private static final Path RECORDING =
            Path.of(System.getProperty("precept.root", "."), "..", "shared", "data", "star-1-recorded.json");
    private static final int COPIED = 12;

    private static final Map<String, UnaryOperator<String>> DISGUISES = new TreeMap<>(Map.of(
            "case", text -> text.toUpperCase(Locale.ROOT),
            "spacing", text -> text.replace(" ", "  ") + "\n",
            "one word", text -> text.replaceFirst("(?<=\\s)\\w+(?=\\s\\w+\\s*\\S*$)", "instead"),
            "one sentence", text -> text + " That is all there is to say here."));

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private final Map<String, Integer> fallen = new TreeMap<>();
    private long line;

    private TopologyOutput ask(String question) {
        Prompt prompt = ScriptedEvents.prompt(
                question,
                "a.jsonl",
                ++line,
                ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, 1));
        return topology.send(promptEvent(RUN, prompt));
    }

    private TopologyOutput reason(String question, String reasoning, String answer) {
        TopologyOutput screened = topology.send(finished(ask(question).task(), "stop", reasoning, answer));
        return screened.judging().isEmpty() ? screened : topology.send(judged(screened.judgingTask(), 9, 9));
    }

    @Test
    void onlyTheCopiesFallEachToItsOriginal() throws IOException {
        assumeTrue(Files.exists(RECORDING), "the recording is not here");
        List<Recorded> rows = rows();
        List<Sample> samples = new ArrayList<>();
        int similar = 0;
        String refusal = rows.getFirst().answer();
        for (Recorded row : rows) {
            TopologyOutput output = reason(row.question(), row.reasoning(), refusal); // one answer for all prompts
            if (output.samples().isEmpty()) {
                similar++;
            } else {
                samples.add(output.sample());
            }
        }
        System.out.println(rows.size() + " recorded rows, " + similar + " similar to an earlier one");
        assertThat(similar).as("of real reasonings few are alike").isLessThan(rows.size() / 50);

        List<Sample> long40 = samples.stream()
                .filter(sample -> sample.getReasoning().split("\\s+").length > 60
                        && sample.getMessages().getFirst().getContent().length() > 150)
                .limit(COPIED)
                .toList();
        assertThat(long40).isNotEmpty();
        DISGUISES.forEach((disguise, edit) -> long40.forEach(original -> plant(disguise, edit, original)));
        System.out.println("planted and found, of " + long40.size() + ": " + fallen);
        assertThat(fallen.values()).allMatch(found -> found == long40.size());
    }

    private void plant(String disguise, UnaryOperator<String> edit, Sample original) {
        String question = original.getMessages().getFirst().getContent();
        Rejection prompt = ask(edit.apply(question)).end();
        assertThat(prompt.getReason()).as(disguise).isEqualTo(Reason.NEAR_DUPLICATE_PROMPT);
        assertThat(prompt.getDedup().getNear().getId()).as(disguise).isEqualTo(original.getPromptId());
        fallen.merge("prompts, " + disguise, 1, Integer::sum);
        Rejection sample = reason(
                        "A question of its own, number " + line + " about " + original.getSampleId(),
                        edit.apply(original.getReasoning()),
                        "So.")
                .end();
        assertThat(sample.getReason()).as(disguise).isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
        assertThat(sample.getDedup().getNear().getId()).as(disguise).isEqualTo(original.getSampleId());
        fallen.merge("reasonings, " + disguise, 1, Integer::sum);
    }

    private record Recorded(String question, String reasoning, String answer) {}

    private static List<Recorded> rows() throws IOException {
        List<Recorded> rows = new ArrayList<>();
        for (JsonNode row : new ObjectMapper().readTree(RECORDING.toFile())) {
            String[] parts = row.path("response").asText().split("</think>", 2);
            if (parts.length == 2) {
                rows.add(new Recorded(
                        row.path("question").asText(),
                        parts[0].replace("<think>", "").strip(),
                        parts[1].strip()));
            }
        }
        return rows;
    }
}

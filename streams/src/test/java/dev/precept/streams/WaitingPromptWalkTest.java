package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RunParameters;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A random walk of clusters of prompts through the ledger and its search, with answers that are held back. */
final class WaitingPromptWalkTest {
    private static final int CLUSTERS = 8;
    private static final int MEMBERS = 6;

    private final SteeredSearch search = new SteeredSearch();

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(search.steps());

    private final RandomGenerator random = Seed.random(Seed.choose(getClass()));
    private final List<GenerationTask> open = new ArrayList<>();
    private final Set<String> withSample = new HashSet<>();
    private final Map<String, List<Rejection>> ends = new HashMap<>();
    private final Map<String, Boolean> acceptable = new HashMap<>();
    private long line;

    private static String text(int cluster, int member) {
        String words =
                IntStream.range(0, 60).mapToObj(i -> "w" + cluster + "x" + i).collect(Collectors.joining(" "));
        return words + " " + member;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyPromptHasASampleOrFailedOrFellToOneWithASample(int shards) {
        RunParameters parameters =
                ScriptedEvents.searching(2, 2, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, shards);
        List<String> texts = IntStream.range(0, CLUSTERS * MEMBERS)
                .mapToObj(i -> text(i % CLUSTERS, i / CLUSTERS))
                .toList();
        int sent = 0;
        while (sent < texts.size() || !open.isEmpty()) {
            switch (random.nextInt(6)) {
                case 0 -> search.hold();
                case 1 -> release();
                default -> {
                    if (sent < texts.size() && (open.isEmpty() || random.nextBoolean())) {
                        send(texts.get(sent++), parameters);
                    } else if (!open.isEmpty()) {
                        answer(open.remove(random.nextInt(open.size())));
                    }
                }
            }
            if (open.isEmpty()) {
                release();
            }
        }
        acceptable.forEach(this::check);
        assertThat(topology.state().pending()).isEmpty();
        topology.state().progress().values().forEach(progress -> {
            ReferenceProgress.assertBalanced(progress);
            assertThat(progress.getInFlight()).isEmpty();
        });
    }

    private void send(String text, RunParameters parameters) {
        Prompt prompt = ScriptedEvents.prompt(text, "a.jsonl", ++line, parameters);
        int run = line < 10 ? 1 : 2;
        prompt.setRunOpenedAt(Instant.ofEpochMilli(run));
        acceptable.put(prompt.getPromptId(), random.nextInt(3) == 0);
        read(topology.send(promptEvent("run-" + run, prompt)));
    }

    private void release() {
        List<NeighbourAnswer> answers = new ArrayList<>(search.release());
        while (!answers.isEmpty()) {
            NeighbourAnswer answer = answers.remove(random.nextInt(answers.size()));
            read(topology.send(Topics.PROMPT_MATCHES, answer));
        }
    }

    private void answer(GenerationTask task) {
        boolean accepts = acceptable.getOrDefault(task.getRef().getPromptId(), false);
        // Of an acceptable prompt only the last attempt at the last slot is sure to pass.
        if (accepts && (random.nextBoolean() || task.getRef().getSlot() == 1)) {
            read(topology.send(judged(
                    topology.send(finished(task, "stop", "Because.", "So.")).judgingTask(), 9, 9)));
        } else {
            read(topology.send(failed(task, random.nextBoolean() ? Reason.TIMED_OUT : Reason.REQUEST_REFUSED)));
        }
    }

    private void read(TopologyOutput output) {
        open.addAll(output.generation());
        output.samples().forEach(sample -> withSample.add(sample.getPromptId()));
        output.ends()
                .forEach(row -> ends.computeIfAbsent(row.getPromptId(), id -> new ArrayList<>())
                        .add(row));
    }

    private void check(String promptId, boolean accepts) {
        List<Rejection> rejections = ends.getOrDefault(promptId, List.of());
        boolean fell = rejections.stream().anyMatch(row -> row.getReason() == Reason.NEAR_DUPLICATE_PROMPT);
        assertThat(withSample.contains(promptId)).isEqualTo(accepts && !fell);
        if (fell) {
            assertThat(rejections)
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(withSample)
                            .contains(row.getDedup().getNear().getId()));
        }
    }
}

package dev.precept.judging.withhold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.judging.Parking;
import dev.precept.judging.TaskFixture;
import dev.precept.judging.TaskHandler;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Reason;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Results are held back while all attempts fail alike, until a control task decides about them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WithholdingHandlerTest {
    private static final Failure REFUSED = new Failure(Reason.REQUEST_REFUSED, "status 422: seed is not known here");
    private static final Failure TOO_LONG = new Failure(Reason.CONTEXT_TOO_LONG, "maximum context length is 4096");
    private static final SpecificRecord GOOD = completion("[kind] asks for it.");

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<GenerationTask> controlTasks = new ConcurrentLinkedQueue<>();
    private TaskFixture fixture;

    @SuppressWarnings("NullAway.Init") // each test makes it
    private WithholdingHandler<GenerationTask, Candidate> handler;

    @BeforeEach
    void load() throws IOException {
        fixture = TaskFixture.in(folder);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /**
     * @param tasks the outcome of a task, by its question
     * @param control the outcome of control tasks, or an exception
     */
    private void answer(Function<String, SpecificRecord> tasks, Object control, Duration idle) {
        handler = new WithholdingHandler<>(
                new Answering(task ->
                        tasks.apply(task.getPrompt().getMessages().getFirst().getContent())),
                new Answering(task -> {
                    controlTasks.add(task);
                    if (control instanceof RuntimeException thrown) {
                        throw thrown;
                    }
                    return (SpecificRecord) control;
                }),
                new GenerationAttempts(),
                idle);
    }

    private Future<Candidate> handle(String question) {
        return threads.submit(() -> handler.handle(fixture.generation(question, question, null), Parking.NONE));
    }

    private List<Future<Candidate>> handle(int count) {
        List<Future<Candidate>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(handle("question " + i));
        }
        return results;
    }

    private static void assertWithheld(Future<Candidate> result) {
        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void twentyThatFailAsAHarmlessPromptDoesStopTheRoleAndNoneIsPublished() {
        answer(question -> REFUSED, REFUSED, Duration.ofHours(1));

        List<Future<Candidate>> results = handle(19);
        Awaitility.await().untilAsserted(() -> assertThat(handler.held()).isEqualTo(19));
        assertThat(handler.stop()).isEmpty();
        results.addAll(handle(1));

        results.forEach(WithholdingHandlerTest::assertWithheld);
        assertThat(handler.stop())
                .get()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("20 of the last 20 attempts ended as REQUEST_REFUSED", "so did a harmless prompt")
                .contains("status 422: seed is not known here", "'generator'", "run the same command again");
        assertThat(controlTasks).singleElement().satisfies(task -> {
            assertThat(task.getPrompt().getMessages().getFirst().getContent()).contains("two plus two");
            assertThat(task.getMaxTokens()).isEqualTo(512);
        });
        assertWithheld(handle("one more"));
    }

    @Test
    void promptsThatFailForTheirContentAreReportedAsFailed() {
        answer(question -> REFUSED, GOOD, Duration.ofMillis(50));

        assertThat(handle(40))
                .allSatisfy(result -> assertThat(result)
                        .succeedsWithin(Duration.ofSeconds(10))
                        .extracting(Candidate::getOutcome)
                        .isEqualTo(REFUSED));
        assertThat(handler.stop()).isEmpty();
        assertThat(controlTasks).isNotEmpty();
    }

    @Test
    void aRunOfFewPromptsEndsWithItsLegitimateFailures() {
        answer(question -> REFUSED, GOOD, Duration.ofMillis(50));

        assertThat(handle(3)).allSatisfy(result -> assertThat(result).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(controlTasks).isNotEmpty();
    }

    @Test
    void aRunOfFewPromptsStopsForAWrongSetting() {
        answer(question -> completion(""), completion(" "), Duration.ofMillis(50));

        handle(3).forEach(WithholdingHandlerTest::assertWithheld);
        assertThat(handler.stop())
                .get()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("3 of the last 3 attempts ended as NO_REASONING");
    }

    @Test
    void aSuccessPublishesWhatWasHeld() {
        answer(question -> question.equals("good") ? GOOD : REFUSED, REFUSED, Duration.ofHours(1));
        List<Future<Candidate>> held = handle(5);
        Awaitility.await().untilAsserted(() -> assertThat(handler.held()).isEqualTo(5));

        assertThat(handle("good")).succeedsWithin(Duration.ofSeconds(10));

        assertThat(held).allSatisfy(result -> assertThat(result).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(controlTasks).isEmpty();
    }

    @Test
    void noHarmlessPromptSpeaksForPromptsThatAreTooLong() {
        answer(question -> TOO_LONG, GOOD, Duration.ofHours(1));

        handle(20).forEach(WithholdingHandlerTest::assertWithheld);
        assertThat(controlTasks).isEmpty();
        assertThat(handler.stop()).isPresent();
    }

    @Test
    void whileTheControlTaskIsNotAnsweredNothingIsDecided() {
        answer(question -> REFUSED, new IllegalStateException("answered 503"), Duration.ofMillis(20));

        List<Future<Candidate>> results = handle(2);

        Awaitility.await().untilAsserted(() -> assertThat(controlTasks).hasSizeGreaterThan(2));
        assertThat(results).noneMatch(Future::isDone);
        assertThat(handler.stop()).isEmpty();
    }

    @Test
    void otherFailuresAreNotHeld() {
        answer(question -> new Failure(Reason.TIMED_OUT, "late"), REFUSED, Duration.ofHours(1));

        assertThat(handle(40)).allSatisfy(result -> assertThat(result).succeedsWithin(Duration.ofSeconds(10)));
    }

    private static SpecificRecord completion(String reasoning) {
        return Completion.newBuilder()
                .setFinishReason("stop")
                .setReasoning(reasoning)
                .setAnswer("Yes.")
                .setCitedClauses(List.of())
                .build();
    }

    /** Answers tasks as a function of them. */
    private record Answering(Function<GenerationTask, SpecificRecord> outcome)
            implements TaskHandler<GenerationTask, Candidate> {
        @Override
        public String name() {
            return "generator";
        }

        @Override
        public Topic<GenerationTask> taskTopic() {
            return Topics.GENERATION_TASKS;
        }

        @Override
        public Topic<Candidate> resultTopic() {
            return Topics.CANDIDATES;
        }

        @Override
        public Candidate handle(GenerationTask task, Parking parking) {
            Candidate candidate = new Candidate();
            candidate.setTask(task);
            candidate.setOutcome(outcome.apply(task));
            return candidate;
        }

        @Override
        public Candidate failed(GenerationTask task, String detail) {
            throw new UnsupportedOperationException();
        }
    }
}

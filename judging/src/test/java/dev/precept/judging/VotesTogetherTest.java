package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first vote reads the request for all: the others have the same messages, and are together where none can be saved. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class VotesTogetherTest {
    private static final int VOTES = 4;

    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private TaskFixture fixture;

    @BeforeEach
    void specification(@TempDir Path folder) throws IOException {
        fixture = TaskFixture.in(folder);
    }

    @Test
    void withoutStopEarlyTheVotesAfterTheFirstAreInFlightTogether() throws Exception {
        CyclicBarrier others = new CyclicBarrier(VOTES - 1);
        Verdict verdict = judge(request -> {
                    if (requests.size() > 1) {
                        others.await();
                    }
                    return score(9 - requests.indexOf(request) % 2);
                })
                .handle(task(false), Parking.NONE);
        assertThat(verdict.getVotes()).extracting(Vote::getVote).containsExactly(1, 2, 3, 4);
        assertThat(verdict.getFailure()).isNull();
        assertThat(requests)
                .extracting(ChatRequest::messages)
                .containsOnly(requests.getFirst().messages());
        assertThat(requests).extracting(ChatRequest::seed).doesNotHaveDuplicates();
        assertThat(requests)
                .extracting(ChatRequest::series)
                .containsOnly(requests.getFirst().series());
    }

    @Test
    void withStopEarlyTheFirstVoteBelowTheThresholdSavesTheRest() throws Exception {
        Verdict verdict = judge(_ -> score(requests.size() == 2 ? 3 : 9)).handle(task(true), Parking.NONE);
        assertThat(verdict.getVotes()).extracting(Vote::getScore).containsExactly(9.0, 3.0);
    }

    @Test
    void aMissingVoteIsTheFailureAndTheOthersAreKept() throws Exception {
        Verdict verdict = judge(request -> {
                    synchronized (requests) {
                        boolean second = seedsOfVote(2).contains(request.seed());
                        return second ? "no vote" : score(9);
                    }
                })
                .handle(task(false), Parking.NONE);
        assertThat(verdict.getVotes()).extracting(Vote::getVote).containsExactly(1, 3, 4);
        assertThat(verdict.getFailure()).isNotNull();
    }

    private List<Long> seedsOfVote(int vote) {
        return List.of(1, 2, 3).stream()
                .map(retry -> CallKey.judgement(
                                task(false).getCandidate().getTask().getRef(), vote, retry)
                        .seed())
                .toList();
    }

    @FunctionalInterface
    private interface Answer {
        String to(ChatRequest request) throws Exception;
    }

    private JudgingTaskHandler judge(Answer answer) {
        ModelClient client = (request, _, _) -> {
            requests.add(request);
            try {
                return new CallResult.Completed(
                        new Reply.Answered("stop", null, answer.to(request), null, new TokenUsage(1, 1, 0), "m"));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        EndpointSettings settings = new EndpointSettings(
                Map.of("http://127.0.0.1:1/v1", 1),
                "m",
                1,
                Duration.ofSeconds(5),
                null,
                new Sampling(null, null, null, 100),
                RateLimits.UNLIMITED,
                Price.FREE);
        SpendTracker spend = new SpendTracker(
                new SpendKey("r", "judge", "w"),
                "m",
                Price.FREE,
                new CallMetrics(new SimpleMeterRegistry(), "judge", "m"));
        return new JudgingTaskHandler(new HandlerContext(
                client,
                settings,
                new Excerpts(_ -> fixture.specification()),
                new byte[32],
                InstantSource.system(),
                spend));
    }

    private JudgingTask task(boolean stopEarly) {
        JudgingTask task = fixture.judging("p1", "What is phishing?");
        task.getCandidate().getTask().getPrompt().getRunParameters().setVotes(VOTES);
        task.getCandidate().getTask().getPrompt().getRunParameters().setStopEarly(stopEarly);
        return task;
    }

    private static String score(int score) {
        return ScriptedModel.VOTE.formatted(score);
    }
}

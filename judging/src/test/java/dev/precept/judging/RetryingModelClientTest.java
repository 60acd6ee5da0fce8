package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.precept.model.Backoff;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.Budget;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls wait for the end of an outage; a request that alone times out is abandoned. The sleeper does not sleep. */
class RetryingModelClientTest {
    private static final Reply ANSWER =
            new Reply.Answered("stop", "because", "yes", null, new TokenUsage(10, 20, 5), "m");

    private final Deque<Object> scripted = new ArrayDeque<>();
    private final List<Duration> delays = new ArrayList<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final SpendTracker spendTracker = new SpendTracker(
            new SpendKey("run-1", "generator", "generator-0"), new Price(1, 10), new CallMetrics(meters, "generator"));
    private final RunGuard runGuard = new RunGuard(spendTracker);
    private final RetryingModelClient client = new RetryingModelClient(
            request -> {
                Object next = scripted.remove();
                if (next instanceof ModelCallException failed) {
                    throw failed;
                }
                return (Reply) next;
            },
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), new Random(1)),
            delays::add,
            spendTracker,
            runGuard);

    @Test
    void callsWaitForTheEndOfAnOutageOfAnyLength() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            scripted.add(new ModelCallException.Unavailable("refused", (Duration) null));
        }
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(delays).hasSize(1_000).allMatch(delay -> delay.compareTo(Duration.ofSeconds(30)) <= 0);
    }

    @Test
    void theRetryAfterOfTheEndpointIsHonoured() throws Exception {
        scripted.add(new ModelCallException.RateLimited("full", Duration.ofSeconds(7)));
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(delays)
                .singleElement()
                .satisfies(delay -> assertThat(delay).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_100)));
    }

    @Test
    void aCallThatFindsTheEndpointFullQueuesAgain() throws Exception {
        scripted.add(new ModelCallException.RateLimited("full", null));
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(delays).isEmpty();
    }

    @Test
    void timeoutsOfAllCallsAreAnOutage() throws Exception {
        for (int i = 0; i < 50; i++) {
            scripted.add(new ModelCallException.TimedOut("late"));
        }
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void timeoutsOfOneCallAmongAnsweredOnesFailIt() throws Exception {
        RetryingModelClient[] other = new RetryingModelClient[1];
        Deque<Object> late = new ArrayDeque<>(List.of(
                new ModelCallException.TimedOut("late"),
                new ModelCallException.TimedOut("late"),
                new ModelCallException.TimedOut("late")));
        boolean[] helped = new boolean[1];
        other[0] = new RetryingModelClient(
                request -> {
                    if (request.seed() == 2) {
                        return ANSWER;
                    }
                    if (!helped[0]) {
                        helped[0] = true;
                        assertThat(other[0].call(request(2), "b#0")).isEqualTo(new CallResult.Completed(ANSWER));
                    }
                    throw (ModelCallException) late.remove();
                },
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), new Random(1)),
                delays::add,
                spendTracker,
                runGuard);

        assertThat(other[0].call(request(1), "a#0"))
                .isEqualTo(new CallResult.Failed(new Failure(
                        Reason.TIMED_OUT, "timed out three times in a row while the endpoint answered others")));
        assertThat(late).isEmpty();
    }

    @Test
    void unreadableRepliesToAllCallsAreAnOutage() throws Exception {
        scripted.add(ANSWER);
        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        for (int i = 0; i < 50; i++) {
            scripted.add(new ModelCallException.Unreadable("HTML"));
        }
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void unreadableRepliesToOneCallAmongAnsweredOnesFailIt() throws Exception {
        Deque<Object> answers = new ArrayDeque<>();
        for (int i = 0; i < 5; i++) {
            answers.add(new ModelCallException.Unreadable("broken"));
        }
        answers.add(ANSWER);

        assertThat(amongOthers(answers, 2))
                .isEqualTo(new CallResult.Completed(new Reply.Malformed(
                        "unreadable 5 times in a row while the endpoint answered others: broken", TokenUsage.NONE)));
        assertThat(answers).containsExactly(ANSWER);
    }

    @Test
    void answersToEarlierCallsDoNotCount() throws Exception {
        Deque<Object> answers = new ArrayDeque<>();
        for (int i = 0; i < 50; i++) {
            answers.add(new ModelCallException.Unreadable("HTML"));
        }
        answers.add(ANSWER);

        assertThat(amongOthers(answers, 1)).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void anotherFailureResetsTheCountOfUnreadableReplies() throws Exception {
        Deque<Object> answers = new ArrayDeque<>();
        for (int i = 0; i < 20; i++) {
            answers.add(
                    i % 5 == 4
                            ? new ModelCallException.Unavailable("refused", (Duration) null)
                            : new ModelCallException.Unreadable("broken"));
        }
        answers.add(ANSWER);

        assertThat(amongOthers(answers, 2)).isEqualTo(new CallResult.Completed(ANSWER));
    }

    /** Makes a call with these answers; another request is answered during the n-th attempt. */
    private CallResult amongOthers(Deque<Object> answers, int nth) throws InterruptedException {
        RetryingModelClient[] clients = new RetryingModelClient[1];
        int[] calls = new int[1];
        clients[0] = new RetryingModelClient(
                request -> {
                    if (request.seed() == 2) {
                        return ANSWER;
                    }
                    calls[0]++;
                    if (calls[0] == nth) {
                        assertThat(clients[0].call(request(2), "b#0")).isEqualTo(new CallResult.Completed(ANSWER));
                    }
                    Object next = answers.remove();
                    if (next instanceof ModelCallException failed) {
                        throw failed;
                    }
                    return (Reply) next;
                },
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), new Random(1)),
                delays::add,
                spendTracker,
                runGuard);
        return clients[0].call(request(1), "a#0");
    }

    @Test
    void anotherFailureResetsTheCountOfTimeouts() throws Exception {
        scripted.addAll(List.of(
                new ModelCallException.TimedOut("late"),
                new ModelCallException.TimedOut("late"),
                new ModelCallException.Unavailable("refused", (Duration) null),
                new ModelCallException.TimedOut("late"),
                new ModelCallException.TimedOut("late"),
                ANSWER));

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void everyCallIsCountedAsSpend() throws Exception {
        scripted.addAll(List.of(
                new ModelCallException.RateLimited("full", null),
                new ModelCallException.Unavailable("refused", (Duration) null),
                new Reply.Malformed("cut", new TokenUsage(3, 4, 0))));
        assertThat(call()).isInstanceOf(CallResult.Completed.class);
        scripted.add(ANSWER);
        assertThat(call()).isInstanceOf(CallResult.Completed.class);

        Spend spend = spendTracker.snapshot(Instant.EPOCH, pool());
        assertThat(spend.getCalls()).isEqualTo(4);
        assertThat(spend.getCallsByOutcome())
                .isEqualTo(Map.of("rate_limited", 1L, "unavailable", 1L, "malformed", 1L, "answered", 1L));
        assertThat(spend.getPromptTokens()).isEqualTo(13);
        assertThat(spend.getCompletionTokens()).isEqualTo(24);
        assertThat(meters.get("precept.calls")
                        .tags("role", "generator", "outcome", "rate_limited")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(spend.getUsd()).isCloseTo(13e-6 * 1 + 24e-6 * 10, within(1e-12));
    }

    @Test
    void aCacheHitCostsNothingAndIsNoCall() throws Exception {
        scripted.add(new Reply.Answered("stop", "because", "yes", null, new TokenUsage(10, 20, 5), "m", true));
        assertThat(call()).isInstanceOf(CallResult.Completed.class);

        Spend spend = spendTracker.snapshot(Instant.EPOCH, pool());
        assertThat(spend.getCalls()).isZero();
        assertThat(spend.getCallsByOutcome()).isEqualTo(Map.of("cache_hit", 1L));
        assertThat(spend.getPromptTokens() + spend.getCompletionTokens()).isZero();
    }

    @Test
    void aCacheHitDoesNotShowThatTheEndpointAnswers() throws Exception {
        RetryingModelClient[] other = new RetryingModelClient[1];
        other[0] = new RetryingModelClient(
                request -> {
                    if (request.seed() == 2) {
                        return new Reply.Answered("stop", null, "yes", null, TokenUsage.NONE, "m", true);
                    }
                    if (scripted.size() > 1) {
                        assertThat(other[0].call(request(2), "b#0")).isInstanceOf(CallResult.Completed.class);
                    }
                    if (scripted.remove() instanceof ModelCallException failed) {
                        throw failed;
                    }
                    return ANSWER;
                },
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), new Random(1)),
                delays::add,
                spendTracker,
                runGuard);
        for (int i = 0; i < 5; i++) {
            scripted.add(new ModelCallException.TimedOut("late"));
        }
        scripted.add(ANSWER);

        assertThat(other[0].call(request(1), "a#0")).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void aWithheldCallIsMadeWhenTheBudgetGrows() throws Exception {
        runGuard.update(run(new Budget(5.0, null, false)), 5.0, 0);
        scripted.add(new ModelCallException.NotPermitted("spent"));
        scripted.add(ANSWER);
        CompletableFuture<CallResult> waiting = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(call());
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        Awaitility.await().until(() -> caller.getState() == Thread.State.WAITING);
        assertThat(scripted).hasSize(1);
        assertThat(waiting).isNotDone();

        runGuard.update(run(new Budget(6.0, null, false)), 5.0, 0);

        assertThat(waiting.get()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(spendTracker.snapshot(Instant.EPOCH, pool()).getCalls()).isEqualTo(1);
    }

    @Test
    void noCallIsMadeForACancelledRun() throws Exception {
        runGuard.update(Run.newBuilder(run(null)).setCancelled(true).build(), 0, 0);

        assertThat(call()).isEqualTo(new CallResult.Failed(new Failure(Reason.CANCELLED, "the run was cancelled")));
        assertThat(runGuard.mayCall()).isFalse();
    }

    @Test
    void noCallIsMadeOnceTheBudgetRejectsTheRest() throws Exception {
        runGuard.update(run(new Budget(null, 100L, true)), 0, 99);
        assertThat(runGuard.mayCall()).isTrue();
        scripted.add(ANSWER);
        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));

        assertThat(call())
                .isEqualTo(new CallResult.Failed(new Failure(Reason.OVER_BUDGET, "the budget of the run is spent")));
    }

    private static Run run(@Nullable Budget budget) {
        return new Run("run-1", "{}", 1, Instant.EPOCH, false, false, budget);
    }

    private static EndpointPool pool() {
        return new EndpointPool(
                List.of(new EndpointPool.PooledEndpoint(request -> ANSWER, "here", 1, RateLimits.UNLIMITED)),
                1,
                EndpointPool.CallListener.NO_OP);
    }

    private CallResult call() throws InterruptedException {
        return client.call(request(1), "a#0");
    }

    private static ChatRequest request(long seed) {
        return new ChatRequest(
                "m",
                List.of(ChatMessage.user("?")),
                null,
                new Sampling(null, null, null, 10),
                null,
                seed,
                Duration.ofSeconds(1));
    }
}

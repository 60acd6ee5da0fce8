package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import dev.precept.records.Cost;
import dev.precept.records.Failure;
import dev.precept.records.Lease;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls wait for the end of an outage; a request that alone fails is abandoned. Waits take no time. */
class RetryingModelClientTest {
    /** The seed of the other requests. */
    private static final int OTHER = 9;

    private static final Reply ANSWER =
            new Reply.Answered("stop", "because", "yes", null, new TokenUsage(10, 20, 5), "m");

    private final ModelCallException down = new ModelCallException.Unavailable("answered 500", (Duration) null);
    private final ModelCallException late = new ModelCallException.TimedOut("late");
    private final ModelCallException refused = new ModelCallException.RateLimited("answered 429", null);

    private final Deque<Object> scripted = new ArrayDeque<>();
    private final List<Duration> delays = new ArrayList<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final SpendTracker spendTracker = new SpendTracker(
            new SpendKey("run-1", "generator", "generator-0"),
            "m",
            new Price(1, 10),
            new CallMetrics(meters, "generator", "m"));
    private final RunGuard runGuard = new RunGuard(new CallCosts(new Price(1, 10)));
    /** What every call fails with; null where it is answered as scripted. */
    private @Nullable ModelCallException outage;
    /** What control calls are answered with. */
    private Object control = down;

    private int controlCalls;
    private long now = 1;
    /** Runs during each wait. */
    private Interlude interlude = () -> {};

    private interface Interlude {
        void run() throws InterruptedException;
    }

    private final RetryingModelClient client = new RetryingModelClient(
            request -> {
                if (request.seed() == OTHER) {
                    return (Reply) orThrow(outage == null ? ANSWER : outage);
                }
                return (Reply) orThrow(scripted.remove());
            },
            request -> {
                controlCalls++;
                return (Reply) orThrow(control);
            },
            new RetryingModelClient.Delays(backoff(30), backoff(30), backoff(5)),
            spendTracker,
            runGuard,
            () -> now);

    private static Object orThrow(Object next) throws ModelCallException {
        if (next instanceof ModelCallException failed) {
            throw failed;
        }
        return next;
    }

    private static Backoff backoff(int seconds) {
        return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(seconds), new Random(1));
    }

    private final Parking parking = new Parking() {
        @Override
        public void park(Wait wait) throws InterruptedException {
            wait.await();
        }

        @Override
        public void park(Duration duration) throws InterruptedException {
            delays.add(duration);
            now += duration.toNanos();
            interlude.run();
        }
    };

    private void script(Object next, int times) {
        for (int i = 0; i < times; i++) {
            scripted.add(next);
        }
    }

    /** Another request is answered. */
    private void answerAnother() throws InterruptedException {
        assertThat(client.call(request(OTHER), "b#0", parking)).isEqualTo(new CallResult.Completed(ANSWER));
    }

    private void answerOthers(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            answerAnother();
        }
    }

    private static Failure failure(CallResult result) {
        assertThat(result).isInstanceOf(CallResult.Failed.class);
        return ((CallResult.Failed) result).failure();
    }

    @Test
    void twentyAnswersInARowThatAreNoVotesAreAWarningUntilOneIs() {
        for (int answer = 1; answer < 20; answer++) {
            spendTracker.recordInvalidVote(VoteFault.MISSING_MEMBER, "score is missing", "9");
        }
        assertThat(spendTracker.voteWarning()).isEmpty();
        spendTracker.recordInvalidVote(VoteFault.MISSING_MEMBER, "score is missing", "9");
        assertThat(spendTracker.voteWarning())
                .hasValueSatisfying(warning -> assertThat(warning)
                        .startsWith("the last 20 answers of the judge were no valid votes (score is missing); see")
                        .contains("judge.request.response_format"));
        spendTracker.recordValidVote(new VoteForm(VoteForm.Notation.NUMBER, VoteForm.Surroundings.ALONE));
        assertThat(spendTracker.voteWarning()).isEmpty();
    }

    @Test
    void callsWaitForTheEndOfAnOutageOfAnyLength() throws Exception {
        script(down, 1_000);
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(delays).hasSize(1_000).allMatch(delay -> delay.compareTo(Duration.ofSeconds(30)) <= 0);
    }

    @Test
    void theEndOfAnOutageAbandonsNoRequest() throws Exception {
        script(down, 100);
        scripted.add(ANSWER);
        interlude = () -> {
            if (scripted.size() == 2) {
                answerAnother(); // the call below was made before the endpoint was back
            }
        };

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
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
    void aCallThatFindsTheEndpointFullQueuesAgainAndThenPauses() throws Exception {
        script(refused, 2);
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(delays).hasSize(1);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new ModelCallException.Unavailable("answered 500", (Duration) null), Reason.SERVER_FAILED),
                arguments(new ModelCallException.Unreadable("broken JSON"), Reason.MALFORMED),
                arguments(new ModelCallException.Misconfigured("answered 403"), Reason.REQUEST_REFUSED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aRequestThatFailsWhileOthersAreAnsweredIsAbandoned(ModelCallException failed, Reason reason) throws Exception {
        answerOthers(100);
        script(failed, 100);
        interlude = this::answerAnother;

        Failure failure = failure(call());

        assertThat(failure.getReason()).isEqualTo(reason);
        assertThat(failure.getDetail()).contains("failed 5 times", "answered others", failed.getMessage());
        assertThat(controlCalls).isZero();
    }

    @Test
    void failuresOfAnyKindCountTogether() throws Exception {
        answerOthers(100);
        scripted.addAll(List.of(down, late, down, new ModelCallException.Unreadable("cut"), down, ANSWER));
        interlude = this::answerAnother;

        assertThat(failure(call()).getReason()).isEqualTo(Reason.SERVER_FAILED);
        assertThat(scripted).containsExactly(ANSWER);
    }

    @Test
    void aRequestIsGivenMoreTimeWhileManyFail() throws Exception {
        script(down, 30);
        scripted.add(ANSWER);
        int[] others = new int[1];
        interlude = () -> {
            interlude = () -> {};
            for (int i = 0; i < 64; i++) { // every other request fails at its first call
                outage = i % 2 == 0 ? down : null;
                answerAfterOutage();
            }
            interlude = () -> {
                others[0]++;
                answerAnother();
            };
        };

        assertThat(failure(call()).getReason()).isEqualTo(Reason.SERVER_FAILED);
        assertThat(others[0]).isBetween(8, 20);
    }

    private void answerAfterOutage() throws InterruptedException {
        Interlude before = interlude;
        interlude = () -> outage = null;
        answerAnother();
        interlude = before;
    }

    @Test
    void answersToEarlierCallsProveNothing() throws Exception {
        answerOthers(100);
        script(down, 50);
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void theLastRequestOfARunIsAbandonedIfControlCallsAreAnswered() throws Exception {
        control = ANSWER;
        script(down, 100);

        assertThat(failure(call()).getReason()).isEqualTo(Reason.SERVER_FAILED);
        assertThat(controlCalls).isBetween(4, 12);
    }

    @Test
    void aRefusalOfTheControlCallProvesNothing() throws Exception {
        control = new Reply.RequestRefused(400, "no");
        script(down, 200);
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(controlCalls).isPositive();
    }

    @Test
    void timeoutsOfAllCallsAreAnOutage() throws Exception {
        script(late, 50);
        scripted.add(ANSWER);

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void threeTimeoutsOfOneCallAmongAnsweredOnesFailIt() throws Exception {
        answerOthers(20);
        script(late, 100);
        interlude = this::answerAnother;

        Failure failure = failure(call());

        assertThat(failure.getReason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(scripted).hasSize(97);
    }

    @Test
    void noRequestIsTooSlowWhileOneInTenTimesOut() throws Exception {
        answerOthers(90);
        for (int i = 0; i < 10; i++) {
            outage = late;
            answerAfterOutage();
        }
        script(late, 9);
        scripted.add(ANSWER);
        interlude = this::answerAnother;

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
        script(late, 100);
        assertThat(failure(call()).getReason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void aRequestThatIsRefusedForItsLoadHasTenMinutesWhileOthersAreAdmitted() throws Exception {
        answerOthers(100);
        script(refused, 1_000);
        interlude = this::answerAnother;
        long start = now;

        Failure failure = failure(call());

        assertThat(failure.getReason()).isEqualTo(Reason.SERVER_FAILED);
        assertThat(Duration.ofNanos(now - start)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    }

    @Test
    void aRequestThatIsRefusedAloneIsTooLarge() throws Exception {
        control = ANSWER;
        script(refused, 1_000);
        long start = now;

        Failure failure = failure(call());

        assertThat(failure.getReason()).isEqualTo(Reason.SERVER_FAILED);
        assertThat(failure.getDetail()).contains("answered 429");
        assertThat(Duration.ofNanos(now - start)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(50));
    }

    @Test
    void aStopEndsTheWaitOfACall() {
        script(new ModelCallException.RateLimited("full", Duration.ofMinutes(5)), 1);
        runGuard.close();

        assertThatThrownBy(() -> client.call(request(1), "a#0", runGuard.parking()))
                .isInstanceOf(InterruptedException.class);
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
        assertThat(meters.get("precept.calls")
                        .tags("role", "generator", "outcome", "rate_limited")
                        .counter()
                        .count())
                .isEqualTo(1);
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
        script(late, 5);
        scripted.add(ANSWER);
        interlude = () -> {
            Object next = scripted.removeFirst();
            scripted.addFirst(new Reply.Answered("stop", null, "yes", null, TokenUsage.NONE, "m", true));
            assertThat(client.call(request(2), "b#0", parking)).isInstanceOf(CallResult.Completed.class);
            scripted.addFirst(next);
        };

        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));
    }

    @Test
    void aWithheldCallIsMadeWhenTheLeaseOfTheBudgetArrives() throws Exception {
        runGuard.update(run(new Budget(5.0, null, false)));
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

        runGuard.reported(System.nanoTime());
        runGuard.update(new Lease("run-1", 1L, new Cost(0.1, 0L), null));

        assertThat(waiting.get()).isEqualTo(new CallResult.Completed(ANSWER));
        assertThat(spendTracker.snapshot(Instant.EPOCH, pool()).getCalls()).isEqualTo(1);
    }

    @Test
    void noCallIsMadeForACancelledRun() throws Exception {
        runGuard.update(Run.newBuilder(run(null)).setCancelled(true).build());

        assertThat(call()).isEqualTo(new CallResult.Failed(new Failure(Reason.CANCELLED, "the run was cancelled")));
        assertThat(runGuard.mayCall()).isFalse();
    }

    @Test
    void noCallIsMadeOnceTheBudgetRejectsTheRest() throws Exception {
        runGuard.update(run(new Budget(null, 100L, true)));
        assertThat(runGuard.mayCall()).isTrue();
        scripted.add(ANSWER);
        assertThat(call()).isEqualTo(new CallResult.Completed(ANSWER));

        runGuard.update(new Lease("run-1", 1L, new Cost(0.0, 5L), new Cost(0.0, 20L)));

        assertThat(runGuard.isBudgetSpent()).isTrue();
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
        return client.call(request(1), "a#0", parking);
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

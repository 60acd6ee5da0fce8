package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatModel;
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
import dev.precept.records.Lease;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A call reserves its highest price within the lease, and is booked at what it used or at an estimate. */
class BudgetReservationTest {
    private static final Price PRICE = new Price(1, 10);
    private static final int MAX_TOKENS = 1_000;
    private static final TokenUsage USED = new TokenUsage(50, 200, 0);
    private static final Reply ANSWER = new Reply.Answered("stop", null, "yes", null, USED, "m");

    private final CallCosts costs = new CallCosts(PRICE);
    private long nanos = 1;
    private final RunGuard guard = new RunGuard(costs, () -> nanos);
    private final SpendTracker tracker = new SpendTracker(
            new SpendKey("run-1", "generator", "generator-0|a"),
            "m",
            PRICE,
            new CallMetrics(new SimpleMeterRegistry(), "generator", "m"));
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void aCallIsMadeOnlyIfItsHighestPriceFitsIntoTheLease() throws Exception {
        guard.update(run(new Budget(null, 100_000L, false)));
        long price = price();
        assertThat(price).isBetween((long) MAX_TOKENS, MAX_TOKENS + 100L);

        assertThatThrownBy(() -> call(ANSWER)).isInstanceOf(ModelCallException.NotPermitted.class);
        lease(1, price - 1);
        assertThatThrownBy(() -> call(ANSWER)).isInstanceOf(ModelCallException.NotPermitted.class);
        lease(2, price);
        call(ANSWER);

        assertThat(calls).hasValue(1);
        assertThat(spend().getPromptTokens() + spend().getCompletionTokens()).isEqualTo(250);
        assertThat(spend().getUsd()).isCloseTo(50e-6 * 1 + 200e-6 * 10, within(1e-12));
    }

    @Test
    void callsInFlightCountWithTheirWholeReservation() throws Exception {
        guard.update(run(new Budget(null, 100_000L, false)));
        lease(1, 2 * price());
        ChatModel nested = model(() -> {
            call(ANSWER);
            assertThatThrownBy(() -> call(model(() -> ANSWER)))
                    .as("two reservations and what the first used")
                    .isInstanceOf(ModelCallException.NotPermitted.class);
            return ANSWER;
        });

        call(nested);

        assertThat(calls).hasValue(2);
        assertThat(guard.leaseRequest().getReserved()).isEqualTo(new Cost(0.0, 0L));
    }

    @Test
    void withoutABudgetNothingIsWithheld() throws Exception {
        guard.update(run(null));
        for (int i = 0; i < 10; i++) {
            call(ANSWER);
        }
        assertThat(calls).hasValue(10);
    }

    @Test
    void aLeaseLapsesWhenNoReportWasAcknowledgedForLong() throws Exception {
        guard.update(run(new Budget(null, 100_000L, false)));
        lease(1, 10 * price());
        call(ANSWER);
        nanos += RunGuard.LEASE_VALIDITY.toNanos() + 1;

        assertThatThrownBy(() -> call(ANSWER)).isInstanceOf(ModelCallException.NotPermitted.class);
        assertThat(guard.leaseRequest().getHeld().getTokens()).isEqualTo(250);

        guard.reported(nanos);
        assertThatThrownBy(() -> call(ANSWER))
                .as("what was given up comes back only as a new lease")
                .isInstanceOf(ModelCallException.NotPermitted.class);
        lease(2, 10 * price());
        call(ANSWER);
    }

    @Test
    void aCallDearerThanTheWholeBudgetIsRefusedWithoutAsking() {
        guard.update(run(new Budget(null, 900L, true)));

        assertThatThrownBy(() -> call(ANSWER)).isInstanceOf(ModelCallException.NotPermitted.class);

        assertThat(guard.isBudgetSpent()).isTrue();
        assertThat(guard.terminalFailure(request())).isPresent();
        guard.update(run(new Budget(null, 9_000L, true)));
        assertThat(guard.isBudgetSpent()).isFalse();
    }

    @Test
    void whatIsNotNeededIsGivenBackWithTheNextReport() throws Exception {
        guard.update(run(new Budget(null, 100_000L, false)));
        lease(1, 50_000);
        call(ANSWER);
        LeaseRequest busy = guard.leaseRequest();
        assertThat(busy.getHeld().getTokens())
                .as("a little more than the last interval")
                .isBetween(250L, 2_000L);

        assertThat(guard.leaseRequest().getHeld().getTokens()).isEqualTo(250);
        assertThat(guard.holdsLease()).isFalse();
    }

    @Test
    void answersWithoutUsageAreEstimatedFromBytes() throws Exception {
        guard.update(run(null));
        call(new Reply.Answered("stop", "r".repeat(300), "c".repeat(300), null, TokenUsage.UNKNOWN, "m"));

        assertThat(spend().getCompletionTokens()).isBetween(150L, 300L);
        assertThat(spend().getPromptTokens()).isPositive();
        assertThat(spend().getEstimatedCalls()).isEqualTo(1);
    }

    @Test
    void aMissingCompletionWithoutUsageIsBookedAtItsLimit() throws Exception {
        guard.update(run(null));
        call(new Reply.Malformed("no choices", TokenUsage.UNKNOWN));
        assertThat(spend().getCompletionTokens()).isEqualTo(MAX_TOKENS);
    }

    @Test
    void callsThatTimedOutOrWereCutAreBookedByTheirDuration() {
        TokenUsage first = costs.used(request(), new ModelCallException.TimedOut("late"), Duration.ofSeconds(5));
        assertThat(first.completion()).as("no speed is known yet").isEqualTo(MAX_TOKENS);

        costs.used(request(), ANSWER, Duration.ofSeconds(2)); // 100 tokens a second
        assertThat(costs.used(request(), new ModelCallException.TimedOut("late"), Duration.ofSeconds(5))
                        .completion())
                .isEqualTo(500);
        assertThat(costs.used(request(), new ModelCallException.Unreadable("html"), Duration.ofSeconds(60))
                        .completion())
                .isEqualTo(MAX_TOKENS);
        assertThat(costs.used(request(), cut(new IOException("reset")), Duration.ofSeconds(3))
                        .completion())
                .isEqualTo(300);
        assertThat(costs.used(request(), (ModelCallException) null, Duration.ofSeconds(1))
                        .completion())
                .as("interrupted")
                .isEqualTo(100);
        assertThat(costs.estimated()).isEqualTo(5);
    }

    @Test
    void callsThatTheEndpointRefusedCostNothing() {
        Duration minute = Duration.ofMinutes(1);
        assertThat(costs.used(request(), new ModelCallException.RateLimited("full", null), minute))
                .isEqualTo(TokenUsage.NONE);
        assertThat(costs.used(request(), new ModelCallException.Unavailable("503", (Duration) null), minute))
                .isEqualTo(TokenUsage.NONE);
        assertThat(costs.used(request(), cut(new ConnectException("refused")), minute))
                .isEqualTo(TokenUsage.NONE);
        assertThat(costs.used(request(), cut(new IOException("reset")), Duration.ofMillis(3)))
                .as("an outage that resets every connection must not use the budget")
                .isEqualTo(TokenUsage.NONE);
        assertThat(costs.used(request(), new Reply.RequestRefused(400, "no"), minute))
                .isEqualTo(TokenUsage.NONE);
        assertThat(costs.estimated()).isZero();
    }

    @Test
    void theEstimateOfAPromptFollowsTheTokenizerOfTheServer() {
        ChatRequest request = new ChatRequest(
                "m", List.of(ChatMessage.user("漢".repeat(1_000))), null, sampling(), null, 1, Duration.ofSeconds(1));
        assertThat(costs.highest(request).prompt()).isEqualTo(1_016);

        costs.used(
                request,
                new Reply.Answered("stop", null, "", null, new TokenUsage(2_016, 1, 0), "m"),
                Duration.ofSeconds(1));
        assertThat(costs.highest(request).prompt())
                .as("never below what was seen")
                .isBetween(2_016L, 2_300L);

        costs.used(
                request,
                new Reply.Answered("stop", null, "", null, new TokenUsage(9_999_999, 1, 0), "m"),
                Duration.ofSeconds(1));
        assertThat(costs.highest(request).prompt())
                .as("at most one token a byte")
                .isBetween(3_000L, 3_300L);
    }

    private static ModelCallException cut(IOException cause) {
        return new ModelCallException.Unavailable("unreachable", cause);
    }

    private interface Body {
        Reply answer() throws ModelCallException, InterruptedException;
    }

    private ChatModel model(Body body) {
        return new BudgetedModel(
                request -> {
                    calls.incrementAndGet();
                    return body.answer();
                },
                costs,
                guard,
                tracker);
    }

    private void call(Reply reply) throws ModelCallException, InterruptedException {
        call(model(() -> reply));
    }

    private static void call(ChatModel model) throws ModelCallException, InterruptedException {
        assertThat(model.complete(request())).isNotNull();
    }

    private void lease(long version, long tokens) {
        guard.reported(nanos);
        guard.update(new Lease("run-1", version, new Cost(0.0, tokens), null));
    }

    private long price() {
        return costs.amount(costs.highest(request())).tokens();
    }

    private Spend spend() {
        Spend spend = tracker.snapshot(
                Instant.EPOCH,
                new EndpointPool(
                        List.of(new EndpointPool.PooledEndpoint(request -> ANSWER, "here", 1, RateLimits.UNLIMITED)),
                        1,
                        EndpointPool.CallListener.NO_OP));
        spend.setEstimatedCalls(costs.estimated());
        return spend;
    }

    private static Run run(@Nullable Budget budget) {
        return new Run("run-1", "{}", 1, Instant.EPOCH, false, false, budget);
    }

    private static Sampling sampling() {
        return new Sampling(null, null, null, MAX_TOKENS);
    }

    private static ChatRequest request() {
        return new ChatRequest(
                "m", List.of(ChatMessage.user("Why?")), null, sampling(), null, 1, Duration.ofSeconds(1));
    }
}

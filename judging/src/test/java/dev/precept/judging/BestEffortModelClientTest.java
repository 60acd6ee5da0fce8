package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.Backoff;
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
import dev.precept.records.Failure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A best-effort call fails where a call for a task would wait: in an outage, and at a stop. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BestEffortModelClientTest {
    private static final int CALLS_UNTIL_AN_OUTAGE = 10;
    private static final Reply ANSWER = new Reply.Answered("stop", "", "yes", null, new TokenUsage(10, 20, 5), "m");

    /** The result of every call: a reply or an exception. */
    private volatile Object scripted = ANSWER;

    private final SpendTracker spendTracker = new SpendTracker(
            new SpendKey("run-1", "judge", "judge-0"),
            "m",
            new Price(1, 10),
            new CallMetrics(new SimpleMeterRegistry(), "judge", "m"));
    private final RunGuard runGuard = new RunGuard(new CallCosts(new Price(1, 10)));
    private int calls;
    private final EndpointPool pool = new EndpointPool(
            List.of(new EndpointPool.PooledEndpoint(endpoint(), "here", 1, RateLimits.UNLIMITED)),
            1,
            EndpointPool.CallListener.NO_OP);
    private final BestEffortModelClient client = new BestEffortModelClient(
            pool, pool, new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)), spendTracker, runGuard);

    @Test
    void whileEveryEndpointIsDownItNeitherCallsNorWaits() throws Exception {
        scripted = new ModelCallException.Unavailable("here says 503", (Duration) null);
        for (int call = 0; call < CALLS_UNTIL_AN_OUTAGE; call++) {
            try {
                pool.complete(request());
            } catch (ModelCallException.Unavailable expected) {
                assertThat(expected).hasMessage("here says 503");
            }
        }
        assertThat(pool.outage()).isPresent();

        assertThat(client.call(request(), "a#0", runGuard.parking()))
                .asInstanceOf(InstanceOfAssertFactories.type(CallResult.Failed.class))
                .extracting(CallResult.Failed::failure)
                .extracting(Failure::getDetail)
                .isEqualTo("every endpoint is down: here says 503");
        assertThat(calls).isEqualTo(CALLS_UNTIL_AN_OUTAGE);
    }

    @Test
    void itFailsAfterThreeAttempts() throws Exception {
        scripted = new ModelCallException.Unavailable("here says 503", (Duration) null);

        assertThat(client.call(request(), "a#0", runGuard.parking())).isInstanceOf(CallResult.Failed.class);
        assertThat(calls).isEqualTo(3);
    }

    @Test
    void onceTheWorkerStopsNoCallIsStarted() throws Exception {
        assertThat(client.call(request(), "a#0", runGuard.parking())).isEqualTo(new CallResult.Completed(ANSWER));
        runGuard.close();

        assertThat(runGuard.mayCall()).as("calls for tasks are still permitted").isTrue();
        assertThat(client.call(request(), "a#0", runGuard.parking())).isInstanceOf(CallResult.Failed.class);
        assertThat(calls).isEqualTo(1);
        assertThat(spendTracker.snapshot(Instant.EPOCH, pool).getCalls()).isEqualTo(1);
    }

    @Test
    void aStopEndsTheRetryAfterPause() {
        scripted = new ModelCallException.RateLimited("full", Duration.ofHours(1));
        CompletableFuture<CallResult> ended = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                ended.complete(client.call(request(), "a#0", runGuard.parking()));
            } catch (InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
        Awaitility.await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);

        runGuard.close();

        assertThat(ended)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InterruptedException.class);
    }

    private ChatModel endpoint() {
        return request -> {
            calls++;
            if (scripted instanceof ModelCallException failed) {
                throw failed;
            }
            return (Reply) scripted;
        };
    }

    private static ChatRequest request() {
        return new ChatRequest(
                "m",
                List.of(ChatMessage.user("?")),
                null,
                new Sampling(null, null, null, 10),
                null,
                1L,
                Duration.ofSeconds(1));
    }
}

package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool with many callers: shares, limits, outages, and no caller that waits forever. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EndpointPoolTest {
    private static final Reply ANSWER = new Reply.Answered("stop", "r", "a", null, new TokenUsage(1, 1, 0), "m");
    private static final ChatRequest REQUEST = new ChatRequest(
            "m",
            List.of(ChatMessage.user("?")),
            null,
            new Sampling(null, null, null, 10),
            null,
            1,
            Duration.ofSeconds(1));

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void sharesFollowTheWeights() throws Exception {
        BlockingModel light = new BlockingModel();
        BlockingModel heavy = new BlockingModel();
        EndpointPool pool = pool(30, endpoint(light, "light", 1), endpoint(heavy, "heavy", 3));
        List<Future<Reply>> calls = call(pool, 40);

        Awaitility.await().until(() -> light.now.get() + heavy.now.get() == 40);
        assertThat(heavy.now).hasValue(30);
        light.open.countDown();
        heavy.open.countDown();
        for (Future<Reply> call : calls) {
            assertThat(call.get()).isEqualTo(ANSWER);
        }
    }

    @Test
    void callsInFlightStayWithinTheLimitAndEveryWaiterIsServed() throws Exception {
        BlockingModel one = new BlockingModel();
        EndpointPool pool = pool(5, endpoint(one, "one", 1));
        List<Future<Reply>> calls = call(pool, 500);
        Awaitility.await().until(() -> pool.waiting() == 495);
        assertThat(one.now).hasValue(5);
        one.open.countDown();
        for (Future<Reply> call : calls) {
            call.get();
        }
        assertThat(one.most).hasValue(5);
        assertThat(pool.waiting()).isZero();
    }

    @Test
    void afterCloseNoCallIsAdmittedAndCallsInFlightComplete() throws Exception {
        BlockingModel one = new BlockingModel();
        EndpointPool pool = pool(5, endpoint(one, "one", 1));
        List<Future<Reply>> calls = call(pool, 20);
        Awaitility.await().until(() -> one.now.get() == 5 && pool.waiting() == 15);
        pool.close();
        Awaitility.await().until(() -> pool.waiting() == 0);
        assertThatThrownBy(() -> pool.complete(REQUEST)).isInstanceOf(InterruptedException.class);
        one.open.countDown();
        int answered = 0;
        for (Future<Reply> call : calls) {
            try {
                assertThat(call.get()).isEqualTo(ANSWER);
                answered++;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(InterruptedException.class);
            }
        }
        assertThat(answered).isEqualTo(5);
    }

    @Test
    void whileOneEndpointIsDownTheOtherTakesAll() throws Exception {
        ChatModel down = request -> {
            throw new ModelCallException.Unavailable("down: no connection", (Duration) null);
        };
        BlockingModel up = new BlockingModel();
        up.open.countDown();
        EndpointPool pool = pool(100, endpoint(down, "down", 1), endpoint(up, "up", 1));
        int failed = 0;
        for (int i = 0; i < 200; i++) {
            try {
                assertThat(pool.complete(REQUEST)).isEqualTo(ANSWER);
            } catch (ModelCallException.Unavailable e) {
                failed++;
            }
        }
        assertThat(failed).isBetween(1, 12);
        assertThat(pool.outage()).isEmpty();
        assertThat(pool.endpointStatuses()).anySatisfy(endpoint -> {
            assertThat(endpoint.endpoint()).isEqualTo("down");
            assertThat(endpoint.lastFailure()).isEqualTo("down: no connection");
        });
    }

    @Test
    void anEndpointThatFailsFastIsNotPreferred() throws Exception {
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger sound = new AtomicInteger();
        ChatModel fast = request -> {
            if (broken.incrementAndGet() % 5 == 0) { // answers keep the breaker closed
                return ANSWER;
            }
            throw new ModelCallException.Unavailable("500", (Duration) null);
        };
        ChatModel slow = request -> {
            sound.incrementAndGet();
            Thread.sleep(10);
            return ANSWER;
        };
        EndpointPool pool = pool(20, endpoint(fast, "fast", 1), endpoint(slow, "slow", 1));
        List<Future<Integer>> all = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            all.add(callers.submit(() -> {
                int failed = 0;
                for (int i = 0; i < 50; i++) {
                    try {
                        pool.complete(REQUEST);
                    } catch (ModelCallException.Unavailable e) {
                        failed++;
                    }
                }
                return failed;
            }));
        }
        for (Future<Integer> one : all) {
            one.get();
        }
        assertThat(broken.get()).as("calls of the endpoint that fails fast").isLessThan(sound.get() / 4);
    }

    @Test
    void anEndpointThatIsDownIsCheckedAndNoCallIsSpentOnIt() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        AtomicInteger made = new AtomicInteger();
        AtomicInteger checks = new AtomicInteger();
        ChatModel model = request -> {
            made.incrementAndGet();
            if (down.get()) {
                throw new ModelCallException.Unavailable("down", (Duration) null);
            }
            return ANSWER;
        };
        EndpointPool pool = pool(50, new EndpointPool.PooledEndpoint(model, "one", 1, RateLimits.UNLIMITED, () -> {
            checks.incrementAndGet();
            if (down.get()) {
                throw new ModelCallException.Unavailable("down", (Duration) null);
            }
        }));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> pool.complete(REQUEST)).isInstanceOf(ModelCallException.Unavailable.class);
        }
        Future<Reply> waiting = call(pool, 1).getFirst();
        Awaitility.await().until(() -> checks.get() >= 2);
        assertThat(made).hasValue(10);
        down.set(false);
        assertThat(waiting.get()).isEqualTo(ANSWER);
        assertThat(made).hasValue(11);
    }

    @Test
    void aRetryAfterFarInTheFutureDoesNotLeakAPermit() {
        Duration far = Duration.ofSeconds(Long.MAX_VALUE);
        EndpointPool pool = pool(
                4,
                endpoint(
                        request -> {
                            throw new ModelCallException.Unavailable("503", far);
                        },
                        "one",
                        1));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> pool.complete(REQUEST)).isInstanceOf(ModelCallException.Unavailable.class);
        }
        assertThat(pool.callsInFlight()).isZero();
        assertThat(pool.outage()).contains("503");
    }

    @Test
    void aListenerThatFailsDoesNotFailTheCall() throws Exception {
        EndpointPool pool = new EndpointPool(List.of(endpoint(request -> ANSWER, "one", 1)), 4, call -> {
            throw new IllegalStateException("a listener failed");
        });
        assertThat(pool.complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(pool.callsInFlight()).isZero();
    }

    @Test
    void afterAnOutageOfAllEveryWaiterIsServed() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        ChatModel model = request -> {
            if (down.get()) {
                throw new ModelCallException.Unavailable("down", (Duration) null);
            }
            return ANSWER;
        };
        EndpointPool pool = pool(50, endpoint(model, "one", 1));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> pool.complete(REQUEST)).isInstanceOf(ModelCallException.Unavailable.class);
        }
        assertThat(pool.outage()).contains("down");
        List<Future<Reply>> calls = call(pool, 300);
        Awaitility.await().until(() -> pool.waiting() >= 298);

        down.set(false);

        int served = 0;
        for (Future<Reply> call : calls) {
            try {
                call.get();
                served++;
            } catch (java.util.concurrent.ExecutionException probe) {
                assertThat(probe).hasCauseInstanceOf(ModelCallException.Unavailable.class);
            }
        }
        assertThat(served).isGreaterThanOrEqualTo(298);
        assertThat(pool.outage()).isEmpty();
    }

    @Test
    void anEndpointThatIsFullIsNotDown() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        ChatModel small = request -> {
            if (now.incrementAndGet() > 20) {
                now.decrementAndGet();
                refused.incrementAndGet();
                throw new ModelCallException.RateLimited("full", null);
            }
            try {
                Thread.sleep(5);
                return ANSWER;
            } finally {
                now.decrementAndGet();
            }
        };
        EndpointPool pool = pool(200, endpoint(small, "small", 1));
        List<Future<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            calls.add(callers.submit(() -> {
                for (int failures = 0; ; failures++) {
                    try {
                        pool.complete(REQUEST);
                        return failures;
                    } catch (ModelCallException.RateLimited full) {
                        assertThat(pool.outage()).isEmpty();
                    }
                }
            }));
        }
        for (Future<Integer> call : calls) {
            call.get();
        }
        assertThat(pool.endpointStatuses().getFirst().limit()).isBetween(5, 60);
        assertThat(refused.get()).isLessThan(2_000);
    }

    @Test
    void aWithheldCallDoesNotCountForTheEndpoint() {
        ChatModel withheld = request -> {
            throw new ModelCallException.NotPermitted("spent");
        };
        EndpointPool pool = pool(3, endpoint(withheld, "one", 1));
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> pool.complete(REQUEST)).isInstanceOf(ModelCallException.NotPermitted.class);
        }
        assertThat(pool.outage()).isEmpty();
        assertThat(pool.endpointStatuses()).containsExactly(new EndpointPool.EndpointStatus("one", 0, 3, true, ""));
    }

    @Test
    void anInterruptedWaiterLeavesItsPermitToTheNext() throws Exception {
        BlockingModel one = new BlockingModel();
        EndpointPool pool = pool(1, endpoint(one, "one", 1));
        Future<Reply> first = call(pool, 1).getFirst();
        Awaitility.await().until(() -> one.now.get() == 1);
        Future<Reply> second = call(pool, 1).getFirst();
        Awaitility.await().until(() -> pool.waiting() == 1);
        second.cancel(true);
        Awaitility.await().until(() -> pool.waiting() == 0);
        Future<Reply> third = call(pool, 1).getFirst();
        one.open.countDown();

        assertThat(first.get()).isEqualTo(ANSWER);
        assertThat(third.get()).isEqualTo(ANSWER);
    }

    /** A model that blocks its calls until it is released. */
    private static final class BlockingModel implements ChatModel {
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public Reply complete(ChatRequest request) throws InterruptedException {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                open.await();
                return ANSWER;
            } finally {
                now.decrementAndGet();
            }
        }
    }

    private List<Future<Reply>> call(EndpointPool pool, int times) {
        List<Future<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            calls.add(callers.submit(() -> pool.complete(REQUEST)));
        }
        return calls;
    }

    private static EndpointPool.PooledEndpoint endpoint(ChatModel model, String name, int weight) {
        return new EndpointPool.PooledEndpoint(model, name, weight, RateLimits.UNLIMITED);
    }

    private static EndpointPool pool(int maxConcurrency, EndpointPool.PooledEndpoint... endpoints) {
        return new EndpointPool(List.of(endpoints), maxConcurrency, EndpointPool.CallListener.NO_OP);
    }
}

package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.ModelCallException;
import dev.precept.model.PreEncodedText;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which caller starts next, and where: the endpoint that has read its beginning, unless calls would wait for nothing. */
class WaitingCallsTest {
    private static final int PERMITS = 4;

    private int permits = PERMITS;
    private final List<EndpointLimiter> limiters = new ArrayList<>();
    private long number;

    @Test
    void requestsWithOneBeginningGoToOneEndpointAndBeginningsSpreadByWeight() {
        WaitingCalls calls = calls(1, 1, 2);
        Map<String, String> endpoints = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            String excerpt = "excerpt " + i;
            String first = startAndEnd(calls, request(excerpt, ""));
            assertThat(startAndEnd(calls, request(excerpt, ""))).isEqualTo(first);
            endpoints.put(excerpt, first);
        }
        assertThat(endpoints.values().stream().filter("http://2"::equals).count())
                .as("half of the weight")
                .isBetween(150L, 250L);

        WaitingCalls others = calls(1, 1);
        long moved = endpoints.entrySet().stream()
                .filter(entry -> !entry.getValue().equals("http://2"))
                .filter(entry ->
                        !startAndEnd(others, request(entry.getKey(), "")).equals(entry.getValue()))
                .count();
        assertThat(moved)
                .as("an endpoint that is gone moves its own beginnings only")
                .isZero();
    }

    @Test
    void anEndpointAboveTheBoundLeavesCallsToTheOthers() {
        permits = 100;
        WaitingCalls calls = calls(1, 1);
        List<String> endpoints = IntStream.range(0, 40)
                .mapToObj(_ -> start(calls, request("hot", "")).limiter().name())
                .toList();
        long most = endpoints.stream().filter(endpoints.getFirst()::equals).count();
        assertThat(most).as("1.25 times half of 40").isEqualTo(25);
    }

    @Test
    void whenAllPermitsAreUsedThePermitThatIsFreedGoesToACallOfThisEndpoint() {
        WaitingCalls calls = calls(1, 1);
        List<EndpointLimiter.Permit> permits = new ArrayList<>();
        for (int i = 0; i < 2 * PERMITS; i++) {
            permits.add(start(calls, request("", "")));
        }
        for (int i = 0; i < 20; i++) {
            add(calls, request("excerpt " + i, ""));
        }
        assertThat(calls.next(0, 1)).isNull();
        EndpointLimiter.Permit freed = permits.getFirst();
        end(freed);
        WaitingCalls.Next next = Objects.requireNonNull(calls.next(0, 1));
        assertThat(next.limiter()).isSameAs(freed.limiter());
        assertThat(new RendezvousOrder(limiters)
                        .of(next.waiter().request().beginning())
                        .getFirst())
                .isSameAs(freed.limiter());
    }

    /** The second vote reads nothing new where the first one was answered, and waits for no other excerpt. */
    @Test
    void aCallOfASeriesGoesFirstAndToTheEndpointThatAnsweredItsFirst() {
        WaitingCalls calls = calls(1, 1);
        ChatRequest vote = request("excerpt", "candidate");
        EndpointLimiter.Permit first = start(calls, vote);
        EndpointLimiter.Permit blocker = start(calls, request("", ""));
        end(first);
        EndpointLimiter other = limiters.stream()
                .filter(limiter -> limiter != first.limiter())
                .findFirst()
                .orElseThrow();
        calls.onAnswered(vote, other); // as if the bound had sent it there
        assertThat(start(calls, vote).limiter()).isSameAs(other);
        assertThat(blocker).isNotNull();

        while (calls.next(0, 1) == null && limiters.stream().anyMatch(limiter -> limiter.waitNanos(1) == 0)) {
            start(calls, request("", ""));
        }
        add(calls, request("", ""));
        add(calls, vote);
        end(started.stream()
                .filter(permit -> permit.limiter() == other)
                .findFirst()
                .orElseThrow());
        assertThat(Objects.requireNonNull(calls.next(0, 1)).waiter().request()).isSameAs(vote);
    }

    @Test
    void callsOfAnEndpointThatIsDownAreTakenByTheOthers() {
        WaitingCalls calls = calls(1, 1);
        EndpointLimiter.Permit first = start(calls, request("excerpt", ""));
        fail(first.limiter());
        for (int call = 0; call < PERMITS; call++) {
            assertThat(start(calls, request("excerpt", "")).limiter()).isNotSameAs(first.limiter());
        }
    }

    @Test
    void theBeginningsOfAnEndpointThatIsDownHaveOneEndpointEachToo() {
        WaitingCalls calls = calls(1, 1, 1);
        EndpointLimiter down = limiters.getFirst();
        fail(down);
        Map<String, Long> others = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            ChatRequest request = request("excerpt " + i, "");
            if (preferred(request) == down) {
                String endpoint = startAndEnd(calls, request);
                assertThat(startAndEnd(calls, request)).isEqualTo(endpoint);
                others.merge(endpoint, 1L, Long::sum);
            }
        }
        assertThat(others)
                .hasSize(2)
                .allSatisfy((_, beginnings) -> assertThat(beginnings).isGreaterThan(20));
    }

    /** They waited when it went down, and the other endpoint always has calls of its own. */
    @Test
    void callsThatWaitForAnEndpointThatIsDownGetTheirTurnBesideThoseOfTheOthers() {
        WaitingCalls calls = calls(1, 1);
        for (int i = 0; i < 2 * PERMITS; i++) {
            start(calls, request("", ""));
        }
        EndpointLimiter down = limiters.getFirst();
        ChatRequest vote = request("excerpt", "candidate");
        calls.onAnswered(vote, down);
        List<WaitingCall> stuck = new ArrayList<>(List.of(add(calls, vote)));
        for (int i = 0; i < 40; i++) {
            ChatRequest request = request("excerpt " + i, "");
            if (preferred(request) == down) {
                stuck.add(add(calls, request));
            }
        }
        fail(down);
        int turns = everyTurnWithANewCallOfItsOwn(calls, limiters.getLast(), stuck);
        assertThat(stuck).isEmpty();
        assertThat(turns).isLessThan(9 * 50 + 64);
    }

    @Test
    void aCallWithoutABeginningIsNotPassedByThoseThatComeLater() {
        WaitingCalls calls = calls(1, 1);
        for (int i = 0; i < 2 * PERMITS; i++) {
            start(calls, request("", ""));
        }
        WaitingCall alone = add(calls, request("", ""));
        int turns = everyTurnWithANewCallOfItsOwn(calls, limiters.getLast(), new ArrayList<>(List.of(alone)));
        assertThat(turns).isEqualTo(1);
    }

    /** Ends a call of an endpoint each turn, until the awaited calls have started or 1,000 turns have gone. */
    private int everyTurnWithANewCallOfItsOwn(WaitingCalls calls, EndpointLimiter endpoint, List<WaitingCall> awaited) {
        ChatRequest own = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> request("own " + i, ""))
                .filter(request -> preferred(request) == endpoint)
                .findFirst()
                .orElseThrow();
        int turns = 0;
        while (!awaited.isEmpty() && turns < 1_000) {
            turns++;
            add(calls, own);
            end(started.stream()
                    .filter(permit -> permit.limiter() == endpoint)
                    .findFirst()
                    .orElseThrow());
            WaitingCalls.Next next = Objects.requireNonNull(calls.next(0, 1));
            started.add(next.limiter().acquire(next.waiter().request(), ++number, 1));
            awaited.remove(next.waiter());
        }
        return turns;
    }

    private EndpointLimiter preferred(ChatRequest request) {
        return new RendezvousOrder(limiters).of(request.beginning()).getFirst();
    }

    private void fail(EndpointLimiter limiter) {
        for (int failure = 0; failure < 10; failure++) {
            EndpointLimiter.Permit permit = limiter.acquire(request("", ""), ++number, 1);
            limiter.onFailure(permit, new ModelCallException.Unavailable("down", (Duration) null), 0, 1);
        }
        assertThat(limiter.admits()).isFalse();
    }

    /** Time is lost for nothing there; a permit that is not free is another matter: one is given back soon. */
    @Test
    void callsOfAnEndpointThatWaitsForItsRateAreTakenByTheOthersToTheLastPermit() {
        permits = 20;
        EndpointLimiter limited = limiter(0, 1, new RateLimits(1L, null));
        EndpointLimiter free = limiter(1, 1, RateLimits.UNLIMITED);
        limiters.addAll(List.of(limited, free));
        WaitingCalls calls = new WaitingCalls(limiters);
        limited.acquire(request("", ""), ++number, 1);
        assertThat(limited.waitNanos(1)).isBetween(1L, Long.MAX_VALUE - 1);
        List<ChatRequest> ofTheLimited = IntStream.range(0, 200)
                .mapToObj(i -> request("excerpt " + i, ""))
                .filter(each -> new RendezvousOrder(limiters)
                        .of(each.beginning())
                        .getFirst()
                        .equals(limited))
                .limit(permits)
                .toList();
        for (ChatRequest request : ofTheLimited) {
            assertThat(start(calls, request).limiter()).isSameAs(free);
        }
    }

    /** One permit each: none stays unused while a call waits. */
    @Test
    void anEndpointWithOnePermitTakesTheCallsOfAnother() {
        permits = 1;
        WaitingCalls calls = calls(1, 1);
        EndpointLimiter first = start(calls, request("excerpt", "")).limiter();
        assertThat(start(calls, request("excerpt", "")).limiter()).isNotSameAs(first);
        WaitingCalls others = calls(1, 1);
        EndpointLimiter preferred = new RendezvousOrder(limiters)
                .of(request("cold", "").beginning())
                .getFirst();
        preferred.acquire(request("", ""), ++number, 1);
        assertThat(start(others, request("cold", "")).limiter()).isNotSameAs(preferred);
    }

    private final List<EndpointLimiter.Permit> started = new ArrayList<>();

    private EndpointLimiter limiter(int number, int weight, RateLimits rateLimits) {
        return new EndpointLimiter(
                new EndpointPool.PooledEndpoint(
                        _ -> {
                            throw new IllegalStateException("no call is made");
                        },
                        "http://" + number,
                        weight,
                        rateLimits),
                permits,
                0);
    }

    private WaitingCalls calls(int... weights) {
        limiters.clear();
        for (int i = 0; i < weights.length; i++) {
            limiters.add(limiter(i, weights[i], RateLimits.UNLIMITED));
        }
        return new WaitingCalls(limiters);
    }

    private static WaitingCall add(WaitingCalls calls, ChatRequest request) {
        return calls.add(request, request.beginning(), new ReentrantLock().newCondition());
    }

    private EndpointLimiter.Permit start(WaitingCalls calls, ChatRequest request) {
        add(calls, request);
        WaitingCalls.Next next = Objects.requireNonNull(calls.next(0, 1));
        assertThat(next.waiter().request()).isSameAs(request);
        EndpointLimiter.Permit permit = next.limiter().acquire(request, ++number, 1);
        started.add(permit);
        return permit;
    }

    private void end(EndpointLimiter.Permit permit) {
        started.remove(permit);
        permit.limiter()
                .onSuccess(permit, new Reply.Answered("stop", null, "a", null, new TokenUsage(1, 1, 0), "m"), 1);
    }

    private String startAndEnd(WaitingCalls calls, ChatRequest request) {
        EndpointLimiter.Permit permit = start(calls, request);
        end(permit);
        return permit.limiter().name();
    }

    /** @param excerpt empty for a request that shares no beginning */
    private static ChatRequest request(String excerpt, String series) {
        return new ChatRequest(
                "m",
                List.of(ChatMessage.user(
                        excerpt.isEmpty()
                                ? MessageContent.of("?")
                                : MessageContent.of(new PreEncodedText(excerpt), "?"))),
                null,
                new Sampling(null, null, null, 10),
                null,
                1,
                Duration.ofSeconds(1),
                "",
                series);
    }
}

package dev.precept.model.resilience;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A simulation of a model server with a queue, and of a client that always has calls to make, in virtual time. The server
 * generates the tokens of at most {@code slots} calls at a time; the others wait in order of arrival. A call that is late
 * is dropped by the client, and the server stops working on it.
 */
final class SimulatedServer {
    private static final long MILLIS = 1_000_000;
    private static final long FAULT_NANOS = 5 * MILLIS;
    private static final double SIGMA = 0.6;
    private static final double LONGEST = 4;

    private final SplittableRandom random;
    private final Settings settings;
    private final @Nullable EndpointLimiter limiter;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Call> queue = new ArrayDeque<>();
    private final TreeMap<Long, Integer> slotsFrom = new TreeMap<>();
    private final int closedLoop;
    private long now;
    private long numbers;
    private int running;
    private int inFlight;

    private long answered;
    private long answeredTokens;
    private long timedOut;
    private int highestLimit;
    private int lowestLimit = Integer.MAX_VALUE;
    private long measuredFrom;

    /**
     * @param slots calls that the server works on at a time
     * @param meanTokens of an answer
     * @param poisoned share of requests that always fail
     * @param stuck share of requests that never end
     * @param secondsPerToken by the number of calls that are worked on
     */
    record Settings(
            int slots,
            int concurrency,
            double meanTokens,
            Duration timeout,
            double poisoned,
            double stuck,
            boolean equalLengths,
            DoubleUnaryOperator secondsPerToken,
            double prefillSeconds) {
        ChatRequest request() {
            return new ChatRequest(
                    "m", List.of(ChatMessage.user("?")), null, new Sampling(null, null, null, 4_096), null, 1, timeout);
        }
    }

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    private static final class Call {
        EndpointLimiter.@Nullable Permit permit;
        long tokens;
        boolean poisoned;
        boolean stuck;
        boolean inSlot;
        boolean ended;
    }

    private SimulatedServer(Settings settings, long seed, int closedLoop) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        this.closedLoop = closedLoop;
        this.limiter = closedLoop > 0
                ? null
                : new EndpointLimiter(
                        new EndpointPool.PooledEndpoint(SimulatedServer::unused, "simulated", 1, RateLimits.UNLIMITED),
                        settings.concurrency(),
                        0);
        slotsFrom.put(0L, settings.slots());
    }

    private static Reply unused(ChatRequest request) {
        throw new IllegalStateException("the simulation makes no call");
    }

    /** A client under an {@link EndpointLimiter}. */
    static SimulatedServer limited(Settings settings, long seed) {
        return new SimulatedServer(settings, seed, 0);
    }

    /** A client with a fixed number of calls in flight and the same server. */
    static SimulatedServer closedLoop(Settings settings, long seed, int calls) {
        return new SimulatedServer(settings, seed, calls);
    }

    /** From then on the server has another number of slots. */
    SimulatedServer slots(Duration from, int slots) {
        slotsFrom.put(from.toNanos(), slots);
        return this;
    }

    /** Forgets the counts so far. */
    SimulatedServer resetCounts() {
        answered = 0;
        answeredTokens = 0;
        timedOut = 0;
        highestLimit = 0;
        lowestLimit = Integer.MAX_VALUE;
        measuredFrom = now;
        return this;
    }

    double tokensPerSecond() {
        return answeredTokens / ((now - measuredFrom) / 1e9);
    }

    double wasted() {
        return timedOut / (double) Math.max(1, timedOut + answered);
    }

    int highestLimit() {
        return highestLimit;
    }

    int lowestLimit() {
        return lowestLimit;
    }

    int limit() {
        return limiter == null ? closedLoop : limiter.status(now).limit();
    }

    SimulatedServer runUntil(Duration end) {
        startCalls();
        while (!events.isEmpty() && events.peek().at() <= end.toNanos()) {
            Event event = events.remove();
            now = event.at();
            event.action().run();
            serve();
            startCalls();
        }
        now = end.toNanos();
        return this;
    }

    private void at(long time, Runnable action) {
        events.add(new Event(time, ++numbers, action));
    }

    private void startCalls() {
        while (true) {
            if (limiter == null) {
                if (inFlight >= closedLoop) {
                    return;
                }
            } else {
                highestLimit = Math.max(highestLimit, limit());
                lowestLimit = Math.min(lowestLimit, limit());
                if (limiter.isCheckDue(now)) {
                    limiter.onCheckStarted();
                    at(now + MILLIS, () -> limiter.onCheckEnded(null, now));
                }
                long wait = limiter.waitNanos(now);
                if (wait > 0) {
                    if (wait < Long.MAX_VALUE) {
                        at(now + wait, () -> {});
                    }
                    return;
                }
            }
            start();
        }
    }

    private void start() {
        Call call = new Call();
        call.poisoned = random.nextDouble() < settings.poisoned();
        call.stuck = random.nextDouble() < settings.stuck();
        double length = settings.equalLengths()
                ? 1
                : Math.min(LONGEST, Math.exp(SIGMA * random.nextGaussian() - SIGMA * SIGMA / 2));
        call.tokens = Math.max(1, Math.round(settings.meanTokens() * length));
        inFlight++;
        if (limiter != null) {
            call.permit = limiter.acquire(settings.request(), ++numbers, now);
        }
        if (call.poisoned) {
            at(now + FAULT_NANOS, () -> fail(call, new ModelCallException.Unavailable("500", (Duration) null)));
            return;
        }
        queue.add(call);
        at(now + settings.timeout().toNanos(), () -> {
            if (!call.ended) {
                timedOut++;
                fail(call, new ModelCallException.TimedOut("late"));
            }
        });
        serve();
    }

    private void serve() {
        int slots = Objects.requireNonNull(slotsFrom.floorEntry(now)).getValue();
        while (running < slots && !queue.isEmpty()) {
            Call call = queue.remove();
            if (call.ended) {
                continue;
            }
            call.inSlot = true;
            running++;
            if (!call.stuck) {
                double seconds = settings.prefillSeconds()
                        + call.tokens * settings.secondsPerToken().applyAsDouble(running);
                at(now + (long) (seconds * 1e9), () -> answer(call));
            }
        }
    }

    private void answer(Call call) {
        if (call.ended) {
            return;
        }
        end(call);
        answered++;
        answeredTokens += call.tokens;
        if (limiter != null && call.permit != null) {
            limiter.onSuccess(
                    call.permit,
                    new Reply.Answered("stop", null, "a", null, new TokenUsage(100, call.tokens, 0), "m"),
                    now);
        }
    }

    private void fail(Call call, ModelCallException failure) {
        end(call);
        if (limiter != null && call.permit != null) {
            limiter.onFailure(call.permit, failure, 0, now);
        }
    }

    private void end(Call call) {
        call.ended = true;
        inFlight--;
        if (call.inSlot) {
            running--;
        }
    }
}

package dev.precept.model.resilience;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A simulation of model servers with prefix caches, and of a worker that always has tasks, in virtual time. A server works on
 * as many calls at a time as the worker may have in flight there, a full batch at half the speed of one call; a call takes the
 * time of its answer, and of the tokens of its excerpt where the server does not have them.
 */
final class PrefixServers {
    private static final double DECODE_SECONDS = 2;
    private static final double SIGMA = 0.5;

    private final SplittableRandom random;
    private final Settings settings;
    private final List<EndpointLimiter> limiters = new ArrayList<>();
    private final Map<EndpointLimiter, Cache> caches = new LinkedHashMap<>();
    private final WaitingCalls waiting;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<ChatRequest> requests = new ArrayList<>();
    private final double[] cumulated;
    private long now;
    private long number;
    private long tasksInFlight;
    private long read;
    private long cached;
    private long answered;
    private double busySeconds;
    private double imbalance;
    private long samples;
    private long mostPassed;

    /**
     * @param excerpts shares of the traffic, which add up to 1
     * @param excerptTokens of each
     * @param cacheTokens of a server
     * @param tokensPerSecond that a server reads
     * @param tasksPerPermit tasks that the worker handles at a time, over all permits
     * @param firstSlower how many times slower the first server is
     */
    record Settings(
            int servers,
            int concurrency,
            List<Double> excerpts,
            int excerptTokens,
            int cacheTokens,
            double tokensPerSecond,
            double tasksPerPermit,
            double firstSlower) {
        /** Servers that are equally fast. */
        Settings(
                int servers,
                int concurrency,
                List<Double> excerpts,
                int excerptTokens,
                int cacheTokens,
                double tokensPerSecond,
                double tasksPerPermit) {
            this(servers, concurrency, excerpts, excerptTokens, cacheTokens, tokensPerSecond, tasksPerPermit, 1);
        }

        Settings withFirstSlower(double times) {
            return new Settings(
                    servers, concurrency, excerpts, excerptTokens, cacheTokens, tokensPerSecond, tasksPerPermit, times);
        }
    }

    /**
     * @param imbalance mean of the busiest server's calls over the mean of all
     * @param mostPassed later calls that started before a call, at most, over those that wait at one time
     */
    record Result(
            double cachedShare, double utilisation, double answersPerSecond, double imbalance, double mostPassed) {}

    private record Event(long at, long number, EndpointLimiter limiter, EndpointLimiter.Permit permit)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    /** Least recently used excerpts go first. */
    private static final class Cache {
        private final int most;
        private final Map<String, Boolean> excerpts = new LinkedHashMap<>(16, 0.75f, true);

        Cache(int most) {
            this.most = most;
        }

        boolean read(String beginning) {
            boolean hit = excerpts.put(beginning, true) != null;
            if (excerpts.size() > most) {
                excerpts.remove(excerpts.keySet().iterator().next());
            }
            return hit;
        }
    }

    PrefixServers(Settings settings, double bound, double unused, int warm, long seed) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < settings.servers(); i++) {
            EndpointLimiter limiter = new EndpointLimiter(
                    new EndpointPool.PooledEndpoint(
                            PrefixServers::unused, "http://server-" + i, 1, RateLimits.UNLIMITED),
                    settings.concurrency(),
                    0);
            limiters.add(limiter);
            caches.put(limiter, new Cache(settings.cacheTokens() / settings.excerptTokens()));
        }
        this.waiting = new WaitingCalls(limiters, bound, unused, warm);
        this.cumulated =
                settings.excerpts().stream().mapToDouble(Double::doubleValue).toArray();
        for (int i = 1; i < cumulated.length; i++) {
            cumulated[i] += cumulated[i - 1];
        }
        for (int i = 0; i < cumulated.length; i++) {
            requests.add(new ChatRequest(
                    "m",
                    List.of(ChatMessage.user(MessageContent.of(new PreEncodedText("excerpt " + seed + " " + i), "?"))),
                    null,
                    new Sampling(null, null, null, 4_096),
                    null,
                    1,
                    Duration.ofMinutes(10)));
        }
    }

    private static Reply unused(ChatRequest request) {
        throw new IllegalStateException("the simulation makes no call");
    }

    Result run(int calls) {
        int permits = settings.servers() * settings.concurrency();
        long tasks = Math.round(permits * settings.tasksPerPermit());
        long warmUp = calls / 5;
        long from = 0;
        while (answered < calls) {
            while (tasksInFlight < tasks) {
                ChatRequest request = excerpt();
                waiting.add(request, request.beginning(), new ReentrantLock().newCondition());
                tasksInFlight++;
            }
            start();
            Event event = events.remove();
            account(event.at() - now);
            now = event.at();
            event.limiter()
                    .onSuccess(
                            event.permit(),
                            new Reply.Answered("stop", null, "a", null, new TokenUsage(100, 400, 0), "m"),
                            now);
            tasksInFlight--;
            if (++answered == warmUp) {
                read = 0;
                cached = 0;
                busySeconds = 0;
                imbalance = 0;
                samples = 0;
                from = now;
            }
        }
        double seconds = (now - from) / 1e9;
        return new Result(
                cached / (double) read,
                busySeconds / (permits * seconds),
                (answered - warmUp) / seconds,
                imbalance / samples,
                mostPassed / (double) Math.max(1, tasks - permits));
    }

    private ChatRequest excerpt() {
        double u = random.nextDouble();
        int i = 0;
        while (i < cumulated.length - 1 && u >= cumulated[i]) {
            i++;
        }
        return requests.get(i);
    }

    private void account(long nanos) {
        int most = 0;
        int sum = 0;
        for (EndpointLimiter limiter : limiters) {
            int calls = limiter.status(now).inFlight();
            most = Math.max(most, calls);
            sum += calls;
        }
        busySeconds += sum * (nanos / 1e9);
        imbalance += most * limiters.size() / (double) Math.max(1, sum);
        samples++;
    }

    private void start() {
        WaitingCalls.Next next = waiting.next(0, now);
        while (next != null) {
            EndpointLimiter limiter = next.limiter();
            ChatRequest request = next.waiter().request();
            // In one queue for all, as many have started as arrived before.
            mostPassed = Math.max(mostPassed, number - next.waiter().startsBefore());
            EndpointLimiter.Permit permit = limiter.acquire(request, ++number, now);
            boolean hit = caches.getOrDefault(limiter, new Cache(0)).read(request.beginning());
            read += settings.excerptTokens();
            cached += hit ? settings.excerptTokens() : 0;
            double batch = limiter.status(now).inFlight() / (double) settings.concurrency();
            double seconds =
                    DECODE_SECONDS * (0.5 + 0.5 * batch) * Math.exp(SIGMA * random.nextGaussian() - SIGMA * SIGMA / 2)
                            + (hit ? 0 : settings.excerptTokens() / settings.tokensPerSecond());
            seconds *= limiter == limiters.getFirst() ? settings.firstSlower() : 1;
            events.add(new Event(now + (long) (seconds * 1e9), number, limiter, permit));
            next = waiting.next(0, now);
        }
    }
}

package dev.precept.judging;

import dev.precept.model.Backoff;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.cache.CachingChatModel;
import dev.precept.model.cache.ResponseCache;
import dev.precept.model.openai.OpenAiChatModel;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Spend;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;

/**
 * Access to one model of a role: a pool of its endpoints, retries, the response cache, the run guard and the
 * spend. Thread-safe.
 */
public final class ModelAccess implements AutoCloseable {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    /** Short, because the pool holds calls back while an endpoint is down; this only spreads the retries. */
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

    private static final Duration LONGEST_REFUSED_BACKOFF = Duration.ofMinutes(1);
    private static final Duration LONGEST_ALONE_BACKOFF = Duration.ofSeconds(5);

    private static final RandomGenerator JITTER =
            () -> ThreadLocalRandom.current().nextLong();

    private final EndpointSettings settings;
    private final SpendKey spendKey;
    private final SpendTracker spendTracker;
    private final CallCosts costs;
    private final RunGuard runGuard;
    private final List<OpenAiChatModel> endpoints = new ArrayList<>();
    private final EndpointPool pool;
    private final boolean caches;
    private final OutageLimit outageLimit;
    private final ModelClient client;
    private final ModelClient bestEffortClient;
    private final ModelClient auditClient;
    private final ModelClient controlClient;

    /**
     * @param cache answers that are not requested again; without it every call is made
     * @param cacheable whether an answer may be cached
     * @throws IllegalArgumentException if the settings name no endpoint
     */
    public ModelAccess(
            SpendKey spendKey,
            EndpointSettings settings,
            Optional<ResponseCache> cache,
            BiPredicate<ChatRequest, Reply.Answered> cacheable,
            MeterRegistry meters) {
        this.settings = settings;
        this.spendKey = spendKey;
        CallMetrics metrics = new CallMetrics(meters, spendKey.role(), settings.model());
        this.spendTracker = new SpendTracker(spendKey, settings.model(), settings.price(), metrics);
        this.costs = new CallCosts(settings.price());
        this.runGuard = new RunGuard(costs);
        this.pool = pool(metrics);
        metrics.registerGauges(pool);
        this.caches = cache.isPresent();
        this.outageLimit = new OutageLimit(settings.maxOutage());
        // The cache is outermost: a cached answer needs no permit, no budget and no running run.
        ChatModel model = cache.<ChatModel>map(responses -> new CachingChatModel(pool, responses, cacheable))
                .orElse(pool);
        Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, JITTER);
        this.client = new RetryingModelClient(
                model,
                pool,
                new RetryingModelClient.Delays(
                        backoff,
                        new Backoff(FIRST_BACKOFF, LONGEST_REFUSED_BACKOFF, JITTER),
                        new Backoff(FIRST_BACKOFF, LONGEST_ALONE_BACKOFF, JITTER)),
                spendTracker,
                runGuard,
                System::nanoTime);
        this.bestEffortClient = new BestEffortModelClient(pool, pool, backoff, spendTracker, runGuard);
        this.auditClient = new BestEffortModelClient(model, pool, backoff, spendTracker, runGuard);
        this.controlClient = new ControlClient(pool, spendTracker);
    }

    private EndpointPool pool(CallMetrics metrics) {
        List<EndpointPool.PooledEndpoint> pooled = new ArrayList<>();
        settings.weights().forEach((url, weight) -> {
            OpenAiChatModel endpoint = new OpenAiChatModel(settings.endpoint(url), settings.encoding(url));
            endpoints.add(endpoint);
            pooled.add(
                    new EndpointPool.PooledEndpoint(guarded(endpoint), url, weight, settings.rateLimits(), endpoint));
        });
        return new EndpointPool(pooled, settings.concurrency(), metrics);
    }

    private ChatModel guarded(ChatModel model) {
        return new BudgetedModel(model, costs, runGuard, spendTracker);
    }

    /** For tasks: retries until the endpoint answers, and uses the cache. */
    public HandlerContext forTasks(Excerpts excerpts, byte[] nonceKey) {
        return new HandlerContext(client, settings, excerpts, nonceKey, InstantSource.system(), spendTracker);
    }

    /** For calls that no task waits for: few retries, no cache, the same endpoints and budget. */
    public HandlerContext forBestEffort(Excerpts excerpts, byte[] nonceKey) {
        return new HandlerContext(bestEffortClient, settings, excerpts, nonceKey, InstantSource.system(), spendTracker);
    }

    /** For calls whose task is decided: few retries, the same endpoints, budget and cache. */
    public HandlerContext forAudits(Excerpts excerpts, byte[] nonceKey) {
        return new HandlerContext(auditClient, settings, excerpts, nonceKey, InstantSource.system(), spendTracker);
    }

    /** For control tasks: every call is made once, without a cache. */
    public HandlerContext forControl(Excerpts excerpts, byte[] nonceKey) {
        return new HandlerContext(controlClient, settings, excerpts, nonceKey, InstantSource.system(), spendTracker);
    }

    /** The limit of calls in flight. */
    public int concurrency() {
        return settings.concurrency();
    }

    public RunGuard runGuard() {
        return runGuard;
    }

    public SpendKey spendKey() {
        return spendKey;
    }

    /** The cumulative spend, with the state of the endpoints and of the lease; gives up what of it is not needed. */
    public Spend spend(Instant now) {
        LeaseRequest request = runGuard.leaseRequest(); // first: the spend is then at least that of the request
        Spend spend = spendTracker.snapshot(now, pool);
        spend.setEstimatedCalls(costs.estimated());
        spend.setLease(request);
        return spend;
    }

    /** The calls so far by outcome, such as {@code answered} or {@code misconfigured}; cache hits are an outcome too. */
    public Map<String, Long> callsByOutcome() {
        return spendTracker.callsByOutcome();
    }

    /** What the last failed call failed with, in one line for the operator and not for logs; empty if none failed. */
    public Optional<String> lastFailure() {
        return spendTracker.lastFailure();
    }

    /** Why no endpoint can be called, in one line; empty while at least one is up. */
    public Optional<String> outage() {
        return pool.outage();
    }

    /** Of an outage that is longer than the settings allow, in one line. To be polled; empty while the role goes on. */
    public Optional<String> outageFailure() {
        return outageLimit.check(pool.outage(), runGuard.mayCall(), System.nanoTime());
    }

    /** That the judge gives no votes, in one line; empty while it does. */
    public Optional<String> voteWarning() {
        return spendTracker.voteWarning();
    }

    public int callsInFlight() {
        return pool.callsInFlight();
    }

    /**
     * Interrupts the callers that wait for the run to permit calls. With a cache, also those that wait for a permit: their
     * tasks are handed back, and answers they already have are not requested again. Calls in flight complete.
     */
    public void stop() {
        if (caches) {
            stopWaiting();
        } else {
            runGuard.close();
        }
    }

    /** Interrupts all callers that wait. Calls in flight complete; their answers must be kept by the caller or a cache. */
    public void stopWaiting() {
        runGuard.close();
        pool.close();
    }

    @Override
    public void close() {
        endpoints.forEach(OpenAiChatModel::close);
        spendTracker.close();
    }
}

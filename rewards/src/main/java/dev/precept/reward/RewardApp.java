package dev.precept.reward;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.judging.AnswerJudge;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.judging.StandaloneModels;
import dev.precept.judging.canary.AnswerCanaries;
import dev.precept.judging.canary.Canaries;
import dev.precept.model.Secret;
import dev.precept.records.Budget;
import dev.precept.runtime.App;
import dev.precept.runtime.SpendFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.http.WebServer;
import dev.precept.runtime.metrics.Health;
import dev.precept.runtime.metrics.ProcessMeters;
import dev.precept.schemas.Amount;
import dev.precept.spec.Specification;
import dev.precept.store.location.StoreLocation;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The judge as a service that trainers ask for rewards. */
public final class RewardApp implements App {
    private static final Logger log = LoggerFactory.getLogger(RewardApp.class);
    private static final String NAME = "reward";
    private static final Duration SPEND_INTERVAL = Duration.ofSeconds(1);
    private static final int CALLS_PER_CANARY = 4;

    private final Inputs inputs;
    private final @Nullable AccessToken token;
    private final SpendFile spendFile;
    private final StandaloneModels models;
    private final VoteCalls calls;
    private final VoteFlights flights;
    private final @Nullable AnswerCanaries canaries;
    private final RewardHandler handler;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable WebServer server;
    private volatile @Nullable Throwable failure;

    /**
     * What the service works with.
     *
     * @param judges that ask without reasoning
     * @param dataset where votes are stored and specifications are found; without one votes are stored in the work folder
     * @param unlabelled the categories whose clauses judge a prompt without one; empty if such a prompt is refused
     * @param nonceSecret from which the delimiters of foreign text are derived, in hexadecimal: the same for all replicas
     * @param threshold of canaries
     * @param drain how long requests in flight may take once the service stops
     * @param health of the process
     */
    public record Inputs(
            RewardSettings settings,
            Panel<EndpointSettings> judges,
            Specification specification,
            Optional<Dataset> dataset,
            StoreLocation votes,
            Optional<List<String>> unlabelled,
            Canaries canaries,
            double threshold,
            Optional<Budget> budget,
            Secret nonceSecret,
            WorkFolder work,
            Duration drain,
            ProcessMeters meters,
            Health health,
            Map<String, String> environment) {}

    /** @throws ConfigurationException if the service would be open to others, or cannot store votes */
    public RewardApp(Inputs inputs) {
        this.inputs = inputs;
        RewardSettings settings = inputs.settings;
        this.token = AccessToken.read(settings.tokenFile(), inputs.environment).orElse(null);
        settings.requireProtected(token != null);
        RewardMetrics metrics = new RewardMetrics(inputs.meters.registry());
        this.spendFile = SpendFile.open(inputs.work);
        VoteStore votes = VoteStore.open(inputs.votes);
        this.models = new StandaloneModels(
                NAME,
                inputs.judges,
                inputs.budget,
                spendFile.before(),
                Optional.empty(),
                (_, _) -> false,
                inputs.meters.registry());
        Policies policies = new Policies(inputs.specification, inputs.dataset.map(Dataset::store), inputs.unlabelled);
        AnswerJudge judge =
                new AnswerJudge(models.access().map(model -> model.forTasks(policies.excerpts(), nonceKey())));
        this.calls = new VoteCalls(
                judge, vote -> models.access().judgeOf(vote).runGuard().parking());
        this.flights = new VoteFlights(calls, votes, settings.deadline().multipliedBy(2), settings.maxPending());
        metrics.pending(flights::size);
        metrics.budget(() -> isBudgetSpent() ? 1 : 0);
        this.canaries = canaries(policies);
        RewardJudge rewards = new RewardJudge(judge, flights, policies, settings.deadline(), canaries, metrics);
        this.handler = new RewardHandler(rewards, inputs.health, inputs.meters::scrape, token, metrics);
    }

    private @Nullable AnswerCanaries canaries(Policies policies) {
        if (inputs.canaries.size() == 0) {
            return null;
        }
        int concurrency = inputs.judges.judges().stream()
                .mapToInt(EndpointSettings::concurrency)
                .min()
                .orElseThrow();
        return new AnswerCanaries(
                new AnswerJudge(models.access().map(model -> model.forBestEffort(policies.excerpts(), nonceKey()))),
                inputs.canaries,
                policies.excerpts(),
                inputs.specification.version(),
                inputs.threshold,
                models.access().map(ModelAccess::runGuard),
                Math.max(1, concurrency / CALLS_PER_CANARY),
                inputs.meters.registry());
    }

    private byte[] nonceKey() {
        return HexFormat.of().parseHex(inputs.nonceSecret.reveal());
    }

    @Override
    public String name() {
        return NAME;
    }

    /** @throws ConfigurationException if the address cannot be listened on */
    @Override
    public void start() {
        RewardSettings settings = inputs.settings;
        server = WebServer.open(
                new WebServer.Settings(
                        settings.bind(),
                        settings.port(),
                        settings.tls(),
                        settings.maxBody(),
                        settings.deadline(),
                        inputs.drain,
                        NAME + ".port"),
                handler);
        Thread.ofPlatform().daemon().name("reward-spend").start(this::writeSpend);
    }

    /** Where the service listens, once it is started. */
    public String url() {
        WebServer started = server;
        return started == null ? "" : started.url();
    }

    private void writeSpend() {
        try {
            while (!closing.await(SPEND_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                spendFile.write(models.spent());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // without it a restart would begin the budget anew
            log.atError().setCause(e).log("cannot write spend");
            failure = e;
        }
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public Optional<String> readinessProblem() {
        return isBudgetSpent()
                ? Optional.of("the budget is spent; raise it in the recipe and start again")
                : models.outage();
    }

    /** Once a call did not fit into it. A budget that is spent stays spent: it is raised by a restart. */
    private boolean isBudgetSpent() {
        return calls.isOverBudget()
                || inputs.budget
                        .map(budget -> isReached(budget, spendFile.before()))
                        .orElse(false);
    }

    private static boolean isReached(Budget budget, Amount spent) {
        Double usd = budget.getUsd();
        Long tokens = budget.getTokens();
        return (usd != null && spent.usd() >= usd) || (tokens != null && spent.tokens() >= tokens);
    }

    @Override
    public Optional<String> startupProblem() {
        return server == null ? Optional.of("not listening yet") : Optional.empty();
    }

    /** Requests in flight get their votes, and calls in flight complete, since they are paid: within the drain. */
    @Override
    public void close() {
        long end = System.nanoTime() + inputs.drain.toNanos();
        WebServer started = server;
        if (started != null) {
            started.close();
        }
        flights.stop();
        models.stop();
        try {
            flights.awaitEnd(until(end));
            AnswerCanaries beside = canaries;
            if (beside != null) {
                beside.stop(until(end));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        flights.close();
        closing.countDown();
        spendFile.write(models.spent());
        models.close();
    }

    private static Duration until(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}

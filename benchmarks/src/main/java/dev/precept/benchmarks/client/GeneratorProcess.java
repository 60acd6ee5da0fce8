package dev.precept.benchmarks.client;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.benchmarks.process.HeapUsage;
import dev.precept.config.Recipe;
import dev.precept.model.Secret;
import dev.precept.model.cache.ResponseCache;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.store.location.StoreLocation;
import dev.precept.workers.WorkerApp;
import dev.precept.workers.WorkerContext;
import dev.precept.workers.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs one generator worker as shipped. Arguments: {@code URL CONCURRENCY[/CALL-TIMEOUT] BOOTSTRAP SCHEMA-FILE NAMESPACE
 * PARTITIONS [ORDINAL [DATASET [HANDOVER-SECONDS]]]}; with a dataset other than {@code -}, responses are cached.
 */
public final class GeneratorProcess {
    private static final Secret SECRET = new Secret("0123456789abcdef");
    private static final long POLL_MILLIS = 200;

    private GeneratorProcess() {}

    public static void main(String[] args) {
        TaskTopics taskTopics = new TaskTopics(args[2], Path.of(args[3]), args[4], Integer.parseInt(args[5]));
        List<String> limits = List.of(args[1].split("/", 2));
        Recipe recipe = Recipe.parse("benchmark", Path.of(""), """
            generator: {url: %s, model: benchmark, concurrency: %s, call_timeout: %s, temperature: 0.6, max_tokens: 4096}
            """.formatted(
                        args[0], limits.getFirst(), limits.size() > 1 ? limits.get(1) : "2m"));
        WorkerSettings settings = WorkerSettings.read(recipe, Map.of());
        recipe.throwProblems();
        Optional<ResponseCache> cache = args.length > 7 && !args[7].equals("-")
                ? settings.responseCache(new StoreLocation.Folder(Path.of(args[7])))
                : Optional.empty();
        Duration handover = args.length > 8
                ? Duration.ofSeconds(Long.parseLong(args[8]))
                : WorkerContext.defaultHandover(WorkerContext.SHORT_DRAIN);
        int ordinal = args.length > 6 ? Integer.parseInt(args[6]) : 0;
        WorkerContext context = new WorkerContext(
                taskTopics.kafka(),
                "run-1",
                Membership.staticMember(ordinal),
                WorkerContext.SHORT_DRAIN,
                handover,
                SECRET,
                cache,
                new SimpleMeterRegistry());
        App generator = WorkerApp.generator(context, settings.generator());
        ChildProtocol.send("ready", args[1]);
        ChildProtocol.handle(Map.of("go", () -> start(generator), "live", HeapUsage::sendLive));
    }

    private static void start(App generator) {
        generator.start();
        Thread.ofPlatform().name("watch").daemon().start(() -> watch(generator));
    }

    private static void watch(App generator) {
        try {
            while (generator.failure().isEmpty()) {
                Thread.sleep(POLL_MILLIS);
            }
            ChildProtocol.fail(generator.failure().orElseThrow());
        } catch (InterruptedException e) {
            ChildProtocol.fail(e);
        }
    }
}

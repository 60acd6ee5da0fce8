package dev.precept.workers;

import dev.precept.model.Secret;
import dev.precept.runtime.App;
import dev.precept.runtime.Attached;
import dev.precept.runtime.Membership;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.store.location.StoreLocation;
import dev.precept.store.s3.S3Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** A worker as a process of its own: {@code --work DIR --role generator|judge}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Attached.main(args, run -> wire(run, args));
    }

    private static App wire(Attached run, String[] args) {
        String role = args.length == 4 && args[2].equals("--role") ? args[3] : "";
        WorkerSettings settings = WorkerSettings.read(run.recipe(), System.getenv());
        String dataset = run.recipe()
                .section("")
                .text("dataset", "where the dataset lies")
                .orElseThrow(() -> new ConfigurationException(
                        run.work().resolve("run.json") + ": names no dataset; 'precept run' writes it"));
        run.recipe().throwProblems();
        Secret secret = new Secret(run.work()
                .read("secret")
                .orElseThrow(() -> new ConfigurationException(
                        run.work().resolve("secret") + ": is missing; 'precept run' makes it")));
        String runId = run.run().runId();
        // The process of the run itself holds ordinal 0.
        WorkerContext place = new WorkerContext(
                run.kafka(),
                runId,
                Membership.staticMember(1),
                WorkerContext.SHORT_DRAIN,
                secret,
                settings.responseCache(location(run, dataset)),
                new SimpleMeterRegistry());
        return switch (role) {
            case GenerationTaskHandler.NAME -> WorkerApp.generator(place, settings.generator());
            case JudgingTaskHandler.NAME ->
                WorkerApp.judge(place, settings.judge(), Canaries.load(settings.canaries()));
            default -> throw new ConfigurationException("give --work DIR --role generator, or --role judge");
        };
    }

    private static StoreLocation location(Attached run, String dataset) {
        try {
            return StoreLocation.of(dataset, S3Settings.read(run.recipe().section("s3")::text));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(run.work().resolve("run.json") + ": " + e.getMessage());
        }
    }
}

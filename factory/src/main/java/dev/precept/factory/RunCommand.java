package dev.precept.factory;

import dev.precept.runtime.ExitCode;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.runtime.config.Recipe;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept run}: from prompts to a release. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Makes a dataset from a recipe, or goes on where it was. Without a recipe: the starter.")
final class RunCommand implements Callable<Integer> {
    private static final long DRAIN_SECONDS = 30;

    @Parameters(arity = "0..1", paramLabel = "RECIPE.yaml", description = "what to make")
    private @Nullable Path recipe;

    @Option(names = "--prompts", paramLabel = "FILE", description = "prompts, instead of the recipe's; may be repeated")
    private List<String> prompts = new ArrayList<>();

    @Option(names = "--spec", paramLabel = "DIR", description = "the folder of the specification")
    private @Nullable String spec;

    @Option(
            names = "--model-url",
            paramLabel = "URL",
            description = "the generator's endpoint, and the judge's unless it has its own")
    private @Nullable String modelUrl;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "the generator's model, and the judge's unless it has its own")
    private @Nullable String model;

    @Option(names = "--judge-url", paramLabel = "URL", description = "the judge's endpoint")
    private @Nullable String judgeUrl;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "the judge's model")
    private @Nullable String judgeModel;

    @Option(names = "--votes", paramLabel = "K", description = "votes on each candidate")
    private @Nullable String votes;

    @Option(names = "--threshold", paramLabel = "X", description = "the least vote a sample is kept with, 0-10")
    private @Nullable String threshold;

    @Option(names = "--samples", paramLabel = "N", description = "samples asked of each prompt")
    private @Nullable String samples;

    @Option(names = "--attempts", paramLabel = "N", description = "attempts at a sample")
    private @Nullable String attempts;

    @Option(names = "--concurrency", paramLabel = "N", description = "calls in flight of each role")
    private @Nullable String concurrency;

    @Option(names = "--call-timeout", paramLabel = "DURATION", description = "deadline of one call, such as 120s")
    private @Nullable String callTimeout;

    @Option(
            names = "--wait-model",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "how long to wait for a model that is not up (default ${DEFAULT-VALUE})")
    private String waitModel = "30s";

    @Option(names = "--dataset", paramLabel = "DIR", description = "where the dataset lies")
    private @Nullable String dataset;

    @Option(names = "--release", paramLabel = "NAME", description = "the name of the version")
    private @Nullable String release;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "the folder of the run (default ${DEFAULT-VALUE})")
    private Path work = Path.of("work");

    @Option(
            names = "--redrive",
            description = "issue the current task of every open slot once more, for when one is lost; uses no attempt")
    private boolean redrive;

    @Option(names = "--no-cache", description = "call the models even for what they have answered before")
    private boolean noCache;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any other key of a recipe; may be repeated")
    private Map<String, String> set = Map.of();

    private volatile ExitCode exitCode = ExitCode.WORK_LEFT;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Recipe asked = recipe();
        Duration patience = Durations.parse("--wait-model", waitModel);
        WorkFolder folder = new WorkFolder(work);
        folder.prepare();
        Logging.toFile(folder);
        try (WorkFolder.Lock _ = folder.lock()) {
            RunFile.forgetBroker(folder);
            boolean terminal = onTerminal();
            Run run = new Run(RunPlan.make(asked, folder), redrive, System.out, terminal);
            CountDownLatch ended = new CountDownLatch(1);
            Thread drain = new Thread(() -> drain(run, ended), "drain");
            Runtime.getRuntime().addShutdownHook(drain);
            try {
                exitCode = run.toTheEnd(new ModelWait(patience, System.err));
                return exitCode.code();
            } finally {
                ended.countDown();
                forget(drain);
            }
        }
    }

    /** On a signal: what is in flight is finished or handed back, then the process ends with what the run has to say. */
    private void drain(Run run, CountDownLatch ended) {
        run.stop();
        try {
            boolean inTime = ended.await(DRAIN_SECONDS, TimeUnit.SECONDS);
            System.out.flush();
            Runtime.getRuntime().halt((inTime ? exitCode : ExitCode.WORK_LEFT).code());
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(ExitCode.WORK_LEFT.code());
        }
    }

    private static void forget(Thread drain) {
        try {
            Runtime.getRuntime().removeShutdownHook(drain);
        } catch (IllegalStateException e) {
            System.out.flush(); // a signal is what ended the run, and its hook ends the process
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is null still, where a process has no console at all
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private Recipe recipe() {
        Recipe asked = RecipeFile.read(recipe);
        if (!prompts.isEmpty()) {
            asked.override("prompts.files", prompts);
        }
        overrideText(asked, "spec", spec);
        overrideUrl(asked, "generator", modelUrl);
        overrideText(asked, "generator.model", model);
        overrideUrl(asked, "judge", judgeUrl);
        overrideText(asked, "judge.model", judgeModel);
        override(asked, "judge.votes", votes);
        override(asked, "judge.threshold", threshold);
        override(asked, "generator.samples", samples);
        override(asked, "generator.attempts", attempts);
        override(asked, "generator.concurrency", concurrency);
        overrideText(asked, "generator.call_timeout", callTimeout);
        overrideText(asked, "dataset", dataset);
        overrideText(asked, "release.name", release);
        override(asked, "cache", noCache ? "false" : null);
        set.forEach((key, value) -> {
            if (key.isBlank()) {
                throw new ConfigurationException("--set wants key=value, as in --set judge.votes=5");
            }
            asked.override(key, value);
        });
        return asked;
    }

    /** An endpoint that a flag names stands in place of all that the recipe names. */
    private static void overrideUrl(Recipe recipe, String role, @Nullable String url) {
        if (url != null) {
            recipe.override(role + ".endpoints", "{}");
            recipe.overrideText(role + ".url", url);
        }
    }

    private static void overrideText(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.overrideText(key, value);
        }
    }

    private static void override(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.override(key, value);
        }
    }
}

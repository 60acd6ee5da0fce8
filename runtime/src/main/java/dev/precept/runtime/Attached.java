package dev.precept.runtime;

import dev.precept.runtime.config.ConfigurationException;
import dev.precept.runtime.config.Recipe;
import dev.precept.runtime.kafka.KafkaAccess;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * A process of its own, joined to the run of a work folder: what the {@code Main} of every app begins with.
 *
 * @param run the run of the folder
 * @param recipe the effective recipe
 * @param kafka access to the run's topics
 * @param work the folder
 */
public record Attached(RunFile run, Recipe recipe, KafkaAccess kafka, WorkFolder work) {
    /** Runs one app until the process is told to stop or the app fails; never returns. */
    public static void main(String[] args, Function<Attached, App> wiring) {
        ExitCode code;
        try {
            code = run(wiring.apply(attach(args)));
        } catch (ConfigurationException e) {
            e.problems().forEach(System.err::println);
            code = ExitCode.MISCONFIGURED;
        } catch (InterruptedException e) {
            code = ExitCode.WORK_LEFT;
        }
        Runtime.getRuntime().halt(code.code());
    }

    private static ExitCode run(App app) throws InterruptedException {
        Thread drain = new Thread(
                () -> {
                    app.close();
                    Runtime.getRuntime().halt(ExitCode.WORK_LEFT.code());
                },
                "drain");
        Runtime.getRuntime().addShutdownHook(drain);
        app.start();
        while (app.failure().isEmpty()) {
            Thread.sleep(200);
        }
        Throwable cause = app.failure().orElseThrow();
        if (cause instanceof ConfigurationException wrong) {
            throw wrong;
        }
        System.err.println(app.name() + ": " + cause);
        return ExitCode.WORK_LEFT;
    }

    /** Joins the run that {@code --work DIR} names. */
    static Attached attach(String[] args) {
        if (args.length < 2 || !args[0].equals("--work")) {
            throw new ConfigurationException("give --work DIR, the folder of the run to join");
        }
        WorkFolder work = new WorkFolder(Path.of(args[1]));
        RunFile run = RunFile.read(work)
                .orElseThrow(() -> new ConfigurationException(
                        "--work " + work.root() + ": no run was begun here; begin one with 'precept run'"));
        Recipe recipe = run.effectiveRecipe();
        Map<String, String> settings = recipe.section("").mapping("kafka", "client settings that pass through");
        String bootstrap = settings.containsKey("bootstrap.servers")
                ? settings.get("bootstrap.servers")
                : RunFile.readBrokerAddress(work)
                        .orElseThrow(() -> new ConfigurationException(
                                "--work " + work.root() + ": no broker is noted here; start 'precept run' first"));
        return new Attached(run, recipe, run.access(work, bootstrap, settings), work);
    }
}

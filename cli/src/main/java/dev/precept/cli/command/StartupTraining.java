package dev.precept.cli.command;

import dev.precept.cli.run.Logging;
import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.RunBroker;
import dev.precept.cli.run.RunPlan;
import dev.precept.config.Recipe;
import dev.precept.runs.RunControl;
import dev.precept.runtime.WorkFolder;
import java.nio.file.Path;

/**
 * What the launcher runs once after a build, so that the JVM can store the classes that most commands load ({@code
 * -XX:AOTCacheOutput}): a run that makes no call and its status. A main class of its own, since it is no command of a user.
 */
final class StartupTraining {
    private StartupTraining() {}

    /** @param args an empty folder, which the caller deletes */
    public static void main(String[] args) throws InterruptedException {
        Logging.quiet();
        Path folder = Path.of(args[0]);
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        try (WorkFolder.Lock _ = work.lock()) {
            Recipe recipe = RecipeFile.read(null);
            recipe.override("prompts.limit", "1");
            recipe.overrideText("dataset", folder.resolve("dataset").toString());
            RunPlan plan = RunPlan.make(recipe, work);
            try (RunBroker broker = RunBroker.open(plan)) {
                broker.ensureTopics();
                try (RunControl control =
                        new RunControl(broker.access(), plan.run().runId())) {
                    control.register("{}", plan.sources().size(), null); // status then decodes a record
                }
            }
        }
        String[] status = {"status", "--json", "--work", work.root().toString()};
        int code = Precept.execute(Precept.command(status), status);
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }
}

package dev.precept.workers;

import dev.precept.runtime.App;
import dev.precept.runtime.Attached;
import dev.precept.runtime.config.ConfigurationException;
import java.util.HexFormat;

/** A worker as a process of its own: {@code --work DIR --role generator|judge}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Attached.main(args, run -> wire(run, args));
    }

    private static App wire(Attached run, String[] args) {
        String role = args.length == 4 && args[2].equals("--role") ? args[3] : "";
        WorkerSettings settings = WorkerSettings.read(run.recipe(), System.getenv());
        run.recipe().throwProblems();
        byte[] secret = HexFormat.of()
                .parseHex(run.work()
                        .read("secret")
                        .orElseThrow(() -> new ConfigurationException(
                                run.work().resolve("secret") + ": is missing; 'precept run' makes it"))
                        .strip());
        String runId = run.run().runId();
        // The process of the run itself holds ordinal 0.
        return switch (role) {
            case Generating.NAME -> WorkerApp.generator(run.kafka(), runId, 1, settings.generator(), secret);
            case Judging.NAME -> WorkerApp.judge(run.kafka(), runId, 1, settings.judge(), secret);
            default -> throw new ConfigurationException("give --work DIR --role generator, or --role judge");
        };
    }
}

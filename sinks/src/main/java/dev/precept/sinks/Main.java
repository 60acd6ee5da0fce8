package dev.precept.sinks;

import dev.precept.runtime.App;
import dev.precept.runtime.Attached;
import dev.precept.runtime.Membership;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.runtime.kafka.DatasetTopics;
import dev.precept.store.location.StoreLocation;
import java.util.Map;

/** The sink as a process of its own: {@code --work DIR [--ordinal N]}; DIR names the run to join. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Attached.main(args, run -> wire(run, args));
    }

    private static App wire(Attached run, String[] args) {
        int ordinal = ordinal(args);
        StoreLocation location = DatasetLocation.read(run.recipe());
        SinkSettings settings = SinkSettings.read(run.recipe());
        run.recipe().throwProblems();
        try {
            Map<String, String> topicIds = DatasetTopics.ensure(run.kafka(), (short) -1);
            return new SinkApp(
                    run.kafka(),
                    Membership.staticMember(ordinal),
                    topicIds,
                    Dataset.openExisting(location),
                    run.work().resolve("spool"),
                    settings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped before the sink began", e);
        }
    }

    /** The process of the run itself holds ordinal 0. */
    private static int ordinal(String[] args) {
        if (args.length == 2) {
            return 1;
        }
        if (args.length == 4 && args[2].equals("--ordinal") && args[3].matches("[1-9]\\d{0,3}")) {
            return Integer.parseInt(args[3]);
        }
        throw new ConfigurationException(
                "give --work DIR, and --ordinal N, from 1 and for each sink its own, if there is more than one");
    }
}

package dev.precept.sinks;

import dev.precept.runtime.App;
import dev.precept.runtime.Attached;
import dev.precept.runtime.kafka.DatasetTopics;
import dev.precept.store.location.StoreLocation;
import java.util.Map;

/** The sink as a process of its own: {@code --work DIR} names the run to join. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Attached.main(args, Main::wire);
    }

    private static App wire(Attached run) {
        StoreLocation location = DatasetLocation.read(run.recipe());
        run.recipe().throwProblems();
        try {
            Map<String, String> topicIds = DatasetTopics.ensure(run.kafka(), (short) -1);
            return new SinkApp(
                    run.kafka(),
                    topicIds,
                    Dataset.existing(location),
                    run.work().resolve("spool"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped before the sink began", e);
        }
    }
}

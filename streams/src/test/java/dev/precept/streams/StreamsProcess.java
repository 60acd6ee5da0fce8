package dev.precept.streams;

import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Namespace;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.util.Map;

/** A process of the topology, for tests that kill it. It ends with 1 when the topology fails. */
public final class StreamsProcess {
    static final String STARTED = "topology started";

    private StreamsProcess() {}

    /** @param args broker, prefix, file of schema ids, partitions, folder of the state, ordinal, standbys */
    public static void main(String[] args) throws InterruptedException {
        Namespace namespace = new Namespace(args[1]);
        KafkaAccess kafka = new KafkaAccess(
                args[0],
                Map.of(),
                namespace,
                new RecordSerdes(Map.of("schema.registry.url", SchemaFile.seed(Path.of(args[2]), namespace))),
                Integer.parseInt(args[3]));
        StreamsSettings defaults = StreamsSettings.withThreads(2);
        StreamsApp app = new StreamsApp(
                kafka,
                Path.of(args[4]),
                Membership.staticMember(Integer.parseInt(args[5])),
                new StreamsSettings(2, Integer.parseInt(args[6]), 64, defaults.commitInterval()),
                new CompositeMeterRegistry());
        app.start();
        System.out.println(STARTED);
        while (app.failure().isEmpty()) {
            Thread.sleep(100);
        }
        System.exit(1);
    }
}

package dev.precept.benchmarks.client;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.benchmarks.process.HeapUsage;
import dev.precept.streams.StreamsApp;
import java.nio.file.Path;
import java.util.Map;

/** Runs the topology with one thread: {@code BOOTSTRAP SCHEMAS NAMESPACE PARTITIONS STATE}. Sends when it is restored. */
public final class TopologyProcess {
    private static final int POLL_MILLIS = 10;

    private TopologyProcess() {}

    public static void main(String[] args) {
        ChildProtocol.handle(Map.of("live", HeapUsage::sendLive));
        try {
            TaskTopics topics = new TaskTopics(args[0], Path.of(args[1]), args[2], Integer.parseInt(args[3]));
            StreamsApp app = new StreamsApp(topics.kafka(), Path.of(args[4]), 1);
            long started = System.nanoTime();
            app.start();
            while (app.startupProblem().isPresent()) {
                Thread.sleep(POLL_MILLIS);
            }
            ChildProtocol.send("running", (System.nanoTime() - started) / 1_000_000);
            while (app.failure().isEmpty()) {
                Thread.sleep(POLL_MILLIS);
            }
            ChildProtocol.fail(app.failure().get());
        } catch (Exception e) {
            ChildProtocol.fail(e);
        }
    }
}

package dev.precept.benchmarks.rows;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.dataset.Dataset;
import dev.precept.runtime.Membership;
import dev.precept.sinks.SinkApp;
import dev.precept.sinks.SinkSettings;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** Runs the sink as shipped in its own process: {@code BOOTSTRAP SCHEMAS NAMESPACE PARTITIONS DATASET SPOOL}. */
public final class SinkProcess {
    private static final long POLL_MILLIS = 100;

    private SinkProcess() {}

    public static void main(String[] args) throws InterruptedException {
        AtomicLong peak = watchHeap();
        SampleTopics topics = new SampleTopics(args[0], Path.of(args[1]), args[2], Integer.parseInt(args[3]));
        Dataset dataset = Dataset.open(Path.of(args[4]), Integer.parseInt(args[3]));
        SinkApp sink = new SinkApp(
                topics.kafka(),
                Membership.staticMember(0),
                topics.topicIds(),
                dataset,
                Path.of(args[5]),
                SinkSettings.DEFAULT);
        ChildProtocol.handle(Map.of("go", sink::start, "peak", () -> ChildProtocol.send("peak", peak.get())));
        ChildProtocol.send("ready", "sink");
        while (sink.failure().isEmpty()) {
            Thread.sleep(POLL_MILLIS);
        }
        ChildProtocol.fail(sink.failure().orElseThrow());
    }

    /** Maximum heap usage after a collection. */
    private static AtomicLong watchHeap() {
        AtomicLong peak = new AtomicLong();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(
                        (notification, handback) -> {
                            if (notification.getUserData() instanceof CompositeData data) {
                                long left =
                                        GarbageCollectionNotificationInfo.from(data)
                                                .getGcInfo()
                                                .getMemoryUsageAfterGc()
                                                .entrySet()
                                                .stream()
                                                .filter(pool -> pool.getKey().startsWith("G1"))
                                                .map(Map.Entry::getValue)
                                                .mapToLong(MemoryUsage::getUsed)
                                                .sum();
                                peak.accumulateAndGet(left, Math::max);
                            }
                        },
                        null,
                        null);
            }
        }
        return peak;
    }
}

package dev.precept.benchmarks.process;

import java.lang.management.ManagementFactory;

/** Heap usage of a child process. */
public final class HeapUsage {
    private HeapUsage() {}

    /** The command {@code live}: sends the used bytes after a full collection. */
    public static void sendLive() {
        System.gc();
        ChildProtocol.send(
                "live", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
}

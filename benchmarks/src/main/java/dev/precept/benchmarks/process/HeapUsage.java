package dev.precept.benchmarks.process;

import java.lang.management.ManagementFactory;

/** The heap of a child, seen from inside. */
public final class HeapUsage {
    private HeapUsage() {}

    /** The order {@code live}: says how many bytes are still in use when everything unused is gone. */
    public static void sayLive() {
        System.gc();
        ChildProtocol.say(
                "live", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
}

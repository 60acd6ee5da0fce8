package dev.precept.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Resource usage of a process or the machine, from Linux's /proc. */
public final class ResourceUsage {
    private static final long TICK_NANOS = 10_000_000; // USER_HZ is 100

    private ResourceUsage() {}

    /** User and system CPU time of a process. */
    public static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("no CPU time of process " + pid));
    }

    /** CPU time of the current thread in nanoseconds, which depends little on other programs. */
    public static long threadCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** CPU time of all processors and processes of the machine. */
    public static Duration machineCpu() {
        // cpu user nice system idle iowait irq softirq steal ...; user includes guests
        String[] fields = line(Path.of("/proc/stat"), "cpu ").strip().split("\\s+");
        long ticks = 0;
        for (int i : new int[] {0, 1, 2, 5, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return Duration.ofNanos(ticks * TICK_NANOS);
    }

    /** Resident memory of a process in KiB. */
    public static long residentKib(long pid) {
        return kib(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    }

    /** Peak resident memory of a process in KiB. */
    public static long peakKib(long pid) {
        return kib(Path.of("/proc/" + pid + "/status"), "VmHWM:");
    }

    /** Memory of the machine in KiB. */
    public static long machineKib() {
        return kib(Path.of("/proc/meminfo"), "MemTotal:");
    }

    private static long kib(Path file, String key) {
        return Long.parseLong(line(file, key).replace("kB", "").strip());
    }

    private static String line(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(key)) {
                    return line.substring(key.length());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; the benchmarks run on Linux only", e);
        }
        throw new IllegalStateException(file + " has no entry " + key);
    }
}

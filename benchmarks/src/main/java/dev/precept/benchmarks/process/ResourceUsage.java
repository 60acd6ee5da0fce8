package dev.precept.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process, or the machine, has used so far, as Linux tells it. */
public final class ResourceUsage {
    private static final long TICK_NANOS = 10_000_000; // USER_HZ is 100 wherever /proc is

    private ResourceUsage() {}

    /** CPU time of a process, user and system. */
    public static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("process " + pid + " is gone, or hides its CPU time"));
    }

    /** CPU time of all processors of the machine together, whoever used it. */
    public static Duration machineCpu() {
        // cpu user nice system idle iowait irq softirq steal ...; guests are counted in user already
        String[] fields = line(Path.of("/proc/stat"), "cpu ").strip().split("\\s+");
        long ticks = 0;
        for (int i : new int[] {0, 1, 2, 5, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return Duration.ofNanos(ticks * TICK_NANOS);
    }

    /** KiB of memory a process holds now. */
    public static long residentKib(long pid) {
        return kib(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    }

    /** KiB of memory a process has held at its peak. */
    public static long peakKib(long pid) {
        return kib(Path.of("/proc/" + pid + "/status"), "VmHWM:");
    }

    /** KiB of memory of the machine. */
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
        throw new IllegalStateException(file + " has no line " + key);
    }
}

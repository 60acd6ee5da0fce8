package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clock of child processes, which a test moves while they run: a small library that is loaded before the C library
 * and adds an offset to the real time, and nothing to monotonic time. Needs a C compiler and Linux.
 */
public final class JumpingClock {
    private static final String FILE = "PRECEPT_TEST_CLOCK";
    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>

            static volatile long long *offset; /* nanoseconds */

            __attribute__((constructor)) static void map_offset(void) {
              const char *name = getenv("PRECEPT_TEST_CLOCK");
              int file = name ? open(name, O_RDONLY) : -1;
              if (file < 0) return;
              void *mapped = mmap(0, sizeof(long long), PROT_READ, MAP_SHARED, file, 0);
              close(file);
              if (mapped != MAP_FAILED) offset = mapped;
            }

            int clock_gettime(clockid_t id, struct timespec *time) {
              int result = syscall(SYS_clock_gettime, id, time);
              if (result == 0 && offset && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
                long long moved = time->tv_sec * 1000000000LL + time->tv_nsec + *offset;
                time->tv_sec = moved / 1000000000LL;
                time->tv_nsec = moved % 1000000000LL;
              }
              return result;
            }

            int gettimeofday(struct timeval *restrict time, void *restrict zone) {
              struct timespec now;
              clock_gettime(CLOCK_REALTIME, &now);
              time->tv_sec = now.tv_sec;
              time->tv_usec = now.tv_nsec / 1000;
              return 0;
            }

            time_t time(time_t *out) {
              struct timespec now;
              clock_gettime(CLOCK_REALTIME, &now);
              if (out) *out = now.tv_sec;
              return now.tv_sec;
            }
            """;

    private final Path library;
    private final Path offset;
    private int jumps;
    private long lastJump;

    private JumpingClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** A clock at the real time; empty where no C compiler is installed, or the system is not Linux. */
    public static Optional<JumpingClock> create(Path folder) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(folder);
            Path source = Files.writeString(folder.resolve("clock.c"), SOURCE);
            Path library = folder.resolve("clock.so");
            Process compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cc.txt").toFile())
                    .start();
            if (compiler.onExit().join().exitValue() != 0) {
                throw new IllegalStateException("cc fails: " + Files.readString(folder.resolve("cc.txt")));
            }
            JumpingClock clock = new JumpingClock(library, folder.resolve("offset"));
            clock.jump(Duration.ZERO);
            return Optional.of(clock);
        } catch (IOException e) {
            return Optional.empty(); // no compiler
        }
    }

    /** Environment variables of a child process that follows this clock. */
    public Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), FILE, offset.toString());
    }

    /** Whether the clock was wrong within a time that has just passed. */
    public boolean wasMovedWithin(Duration past) {
        return jumps > 1 && System.nanoTime() - lastJump < past.toNanos();
    }

    /** Sets the difference to the real time; running children follow at once. */
    public void jump(Duration difference) {
        jumps++;
        lastJump = System.nanoTime();
        ByteBuffer nanos =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, difference.toNanos());
        try (FileChannel file = FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(nanos, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move the clock", e);
        }
    }
}

package dev.precept.cli.terminal;

import dev.precept.runtime.ExitCode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process when the JVM is out of memory. The JVM offers exit codes 3 and 134 for it; the first means something
 * else, and the second prints the report of a crash. The launcher therefore lets the JVM write to a pipe, on which a thread
 * waits that allocates nothing when it wakes up. A run is safe at any moment, so nothing is closed.
 */
public final class OutOfMemory {
    /** Names the pipe; the launcher sets it. */
    private static final String PIPE = "precept.out_of_memory";

    private static final byte[] MESSAGE =
            ("\nout of memory; completed work is safe: run the same command again with more,"
                            + " as in PRECEPT_JAVA_OPTS=-Xmx4g\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private OutOfMemory() {}

    /** Without the pipe, the handling of the JVM remains. */
    public static void endsWithWorkLeft() {
        String pipe = System.getProperty(PIPE, "");
        if (pipe.isEmpty()) {
            return;
        }
        try {
            FileInputStream in = new FileInputStream(pipe);
            FileOutputStream err = new FileOutputStream(FileDescriptor.err);
            // Loads what is needed then.
            err.write(MESSAGE, 0, 0);
            Thread hook = new Thread(() -> {});
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            int code = ExitCode.WORK_LEFT.code();
            Thread.ofPlatform().daemon().name("out-of-memory").start(() -> await(in, err, code));
        } catch (IOException | IllegalStateException e) { // the second: the process is ending
            return; // the launcher aborts the process in its place
        }
    }

    private static void await(FileInputStream in, FileOutputStream err, int code) {
        try {
            if (in.read() < 0) {
                return;
            }
            err.write(MESSAGE);
        } catch (IOException | OutOfMemoryError e) {
            halt(code); // which tells it as well
        }
        halt(code);
    }

    /** Until it succeeds: the launcher aborts the process after five seconds. */
    private static void halt(int code) {
        while (true) {
            try {
                Runtime.getRuntime().halt(code);
            } catch (OutOfMemoryError e) {
                Thread.onSpinWait();
            }
        }
    }
}

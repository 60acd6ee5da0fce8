package dev.precept.cli.run;

import dev.precept.cli.terminal.Terminal;
import dev.precept.kafka.BrokerFailure;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends the process when its embedded broker gives up, with one line that says why. A run is safe at any moment, so nothing
 * is closed.
 */
public final class BrokerEnd {
    /** With less the disk is as good as full: the broker gives up at the first write that does not fit. */
    private static final long FULL_BYTES = 16 << 20;

    private BrokerEnd() {}

    public static void endsWithWorkLeft() {
        BrokerFailure.endsWith(BrokerEnd::end);
    }

    /** One at a time: several threads of the broker give up at once, and the first one ends the process. */
    private static synchronized void end(Path folder) {
        System.out.flush();
        System.err.println((Terminal.columnsOfOutput().isPresent() ? "\n" : "") + message(folder, freeBytes(folder)));
        System.err.flush();
        Runtime.getRuntime().halt(ExitCode.WORK_LEFT.code());
    }

    static String message(Path folder, long freeBytes) {
        return "failed: the embedded broker cannot go on in " + folder
                + (freeBytes < FULL_BYTES
                        ? " (its disk is full: " + (freeBytes >> 20)
                                + " MiB are free); completed work is safe: free some"
                                + " space, then run the same command again"
                        : "; completed work is safe: run the same command again when the cause, which is in the log, is"
                                + " repaired")
                + Logging.file().map(file -> "; log: " + file).orElse("");
    }

    private static long freeBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // not known, as of a folder that is gone: the log has the cause
        }
    }
}

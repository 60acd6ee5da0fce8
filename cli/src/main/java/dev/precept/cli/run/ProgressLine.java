package dev.precept.cli.run;

import dev.precept.runs.RunProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints the progress of a run: on a terminal one line that is overwritten, otherwise a line at most every five seconds.
 */
final class ProgressLine {
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final int WIDTH = 110;

    private final PrintStream out;
    private final boolean terminal;
    private final long expectedRows;
    private final int samples;
    private final long started = System.nanoTime();
    private long firstTerminal = -1;
    private long lastPlain = Long.MIN_VALUE;
    private String last = "";

    /** @param expectedRows rows of all sources */
    ProgressLine(PrintStream out, boolean terminal, long expectedRows, int samples) {
        this.out = out;
        this.terminal = terminal;
        this.expectedRows = expectedRows;
        this.samples = samples;
    }

    /** @param note why the run does not progress; empty if it does */
    void show(RunProgress runProgress, String note) {
        String line = line(runProgress) + (note.isEmpty() ? "" : " · " + note);
        if (terminal) {
            out.print("\r" + pad(line));
            out.flush();
        } else if (!line.equals(last) && due()) {
            lastPlain = System.nanoTime();
            out.println(line);
        }
        last = line;
    }

    /** Prints the last line and ends it. */
    void finish(RunProgress runProgress) {
        if (terminal) {
            out.println("\r" + pad(line(runProgress)));
        } else {
            out.println(line(runProgress));
        }
    }

    private boolean due() {
        return lastPlain == Long.MIN_VALUE || System.nanoTime() - lastPlain >= PLAIN_INTERVAL.toNanos();
    }

    private String line(RunProgress runProgress) {
        long done = runProgress.accepted() + runProgress.rejected() + runProgress.invalid();
        if (firstTerminal < 0) {
            firstTerminal = done;
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        double rate = (done - firstTerminal) / Math.max(seconds, 0.001);
        long expected = runProgress.isInputComplete()
                ? runProgress.slots()
                : Math.max(runProgress.slots(), expectedRows * samples);
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT,
                "read %,d/%,d",
                runProgress.promptsRead(),
                Math.max(expectedRows, runProgress.promptsRead())));
        for (String state : new String[] {"GENERATING", "JUDGING"}) {
            line.append(String.format(
                    Locale.ROOT,
                    " · %s %,d",
                    state.toLowerCase(Locale.ROOT),
                    runProgress.inFlightByState().getOrDefault(state, 0L)));
        }
        line.append(String.format(
                Locale.ROOT, " · accepted %,d · rejected %,d", runProgress.accepted(), runProgress.rejected()));
        if (runProgress.invalid() > 0) {
            line.append(String.format(Locale.ROOT, " · invalid %,d", runProgress.invalid()));
        }
        line.append(String.format(Locale.ROOT, " · %.1f/s", rate));
        if (rate > 0 && done < expected) {
            line.append(" · ETA ").append(time((long) ((expected - done) / rate)));
        }
        line.append(String.format(Locale.ROOT, " · %,d calls, %,d tokens", runProgress.calls(), runProgress.tokens()));
        if (runProgress.usd() > 0) {
            line.append(", ").append(RunProgress.dollars(runProgress.usd()));
            if (done < expected && done > 0) {
                line.append(" of an estimated ").append(RunProgress.dollars(runProgress.usdProjected(expected)));
            }
        }
        return line.toString();
    }

    private static String time(long seconds) {
        return seconds < 60
                ? seconds + "s"
                : seconds < 3_600
                        ? seconds / 60 + "m" + seconds % 60 + "s"
                        : seconds / 3_600 + "h" + seconds / 60 % 60 + "m";
    }

    private static String pad(String line) {
        return line.length() >= WIDTH ? line : line + " ".repeat(WIDTH - line.length());
    }
}

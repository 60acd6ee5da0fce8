package dev.precept.cli.evaluation;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Prints how many of the questions are answered: on a terminal one line that is overwritten, otherwise one now and then. */
public final class CallProgress {
    private static final long TERMINAL_NANOS = Duration.ofMillis(250).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final Supplier<OptionalInt> terminal;
    private final String what;
    private final int all;
    private long printed = System.nanoTime();
    private boolean line;

    /**
     * @param terminal its columns; empty where the output is none
     * @param what is asked, before the numbers
     */
    public CallProgress(PrintStream err, Supplier<OptionalInt> terminal, String what, int all) {
        this.err = err;
        this.terminal = terminal;
        this.what = what;
        this.all = all;
    }

    /** Shows a number of answers. */
    public void show(int answered) {
        long now = System.nanoTime();
        OptionalInt columns = terminal.get();
        if (now - printed < (columns.isPresent() ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        printed = now;
        String text = String.format(Locale.ROOT, "%s: %,d of %,d answered", what, answered, all);
        if (columns.isPresent()) {
            err.print(CLEAR_LINE + text.substring(0, Math.min(text.length(), columns.getAsInt() - 1)));
            err.flush();
            line = true;
        } else {
            err.println(text);
        }
    }

    /** Removes the line of a terminal. */
    public void end() {
        if (line) {
            err.print(CLEAR_LINE);
            err.flush();
            line = false;
        }
    }
}

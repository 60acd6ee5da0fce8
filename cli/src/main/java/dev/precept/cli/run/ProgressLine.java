package dev.precept.cli.run;

import dev.precept.cli.terminal.TextWidth;
import dev.precept.runs.RunProgress;
import dev.precept.runs.RunStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Prints the progress of a run: on a terminal one line that is overwritten and fits its width, otherwise a line now and
 * then. Thread-safe, so that a signal can print a message.
 */
final class ProgressLine {
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    /** Of plain lines after the first minute: a run of hours does not fill a log. */
    private static final Duration LONG_PLAIN_INTERVAL = Duration.ofSeconds(30);

    private static final Duration FIRST_PLAIN_LINES = Duration.ofMinutes(1);
    /** Some terminals wrap a line that fills the last column, and a Ctrl-C is echoed as two characters. */
    private static final int FREE_COLUMNS = 3;

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String CLEAR_BELOW = "\r\u001b[J";

    private final PrintStream out;
    private final Supplier<OptionalInt> terminal;
    private final long expectedRows;
    private final int samples;
    private final LongSupplier nanoTime;
    private final long started;
    private final RecentRate rate = new RecentRate();
    private long lastPlain = Long.MIN_VALUE;
    private String lastPlainText = "";
    /** What stands on the terminal's line; empty if the cursor is on an empty line. */
    private String shown = "";

    /**
     * @param terminal its columns now; empty where the output is no terminal
     * @param expectedRows rows of all sources
     * @param nanoTime {@link System#nanoTime}
     */
    ProgressLine(
            PrintStream out, Supplier<OptionalInt> terminal, long expectedRows, int samples, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.expectedRows = expectedRows;
        this.samples = samples;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    /** @param phase why the run does not progress, or what it does after the last call; empty while it progresses */
    synchronized void show(RunProgress progress, String phase) {
        if (phase.isEmpty()) {
            rate.add(nanoTime.getAsLong(), done(progress));
        } else {
            rate.reset();
        }
        print(parts(progress, phase));
    }

    /** On a terminal: shows what is done before the first progress, or after the last. */
    synchronized void phase(String text) {
        if (terminal.get().isPresent()) {
            LineParts parts = new LineParts();
            parts.add(1, text);
            print(parts);
        }
    }

    /** Prints a line that stays. */
    synchronized void message(String text) {
        out.println(clear() + text);
    }

    /** Prints the last line so that it stays. */
    synchronized void finish(RunProgress progress) {
        LineParts parts = parts(progress, "");
        OptionalInt columns = terminal.get();
        message(columns.isPresent() ? parts.fit(columns.getAsInt() - FREE_COLUMNS) : parts.all());
    }

    /** Leaves the cursor at the beginning of an empty line. */
    synchronized void end() {
        out.print(clear());
        out.flush();
    }

    private void print(LineParts parts) {
        OptionalInt columns = terminal.get();
        if (columns.isPresent()) {
            String line = parts.fit(columns.getAsInt() - FREE_COLUMNS);
            out.print(clear() + line);
            out.flush();
            shown = line;
        } else if (plainLineDue(parts.all())) {
            lastPlain = nanoTime.getAsLong();
            lastPlainText = parts.all();
            out.println(lastPlainText);
        }
    }

    /** Control characters that remove the line; empty where there is none. */
    private String clear() {
        OptionalInt columns = terminal.get();
        if (shown.isEmpty() || columns.isEmpty()) {
            shown = "";
            return "";
        }
        // A terminal that became narrower has wrapped the line.
        int wrapped = (Math.max(1, TextWidth.columns(shown)) - 1) / Math.max(1, columns.getAsInt());
        shown = "";
        return wrapped == 0 ? CLEAR_LINE : "\u001b[" + wrapped + "A" + CLEAR_BELOW;
    }

    private boolean plainLineDue(String text) {
        long now = nanoTime.getAsLong();
        Duration interval = now - started < FIRST_PLAIN_LINES.toNanos() ? PLAIN_INTERVAL : LONG_PLAIN_INTERVAL;
        return !text.equals(lastPlainText) && (lastPlain == Long.MIN_VALUE || now - lastPlain >= interval.toNanos());
    }

    private static long done(RunProgress progress) {
        return progress.accepted() + progress.rejected() + progress.invalid();
    }

    private long expected(RunProgress progress) {
        return progress.isInputComplete() ? progress.slots() : Math.max(progress.slots(), expectedRows * samples);
    }

    private LineParts parts(RunProgress progress, String phase) {
        long done = done(progress);
        long expected = expected(progress);
        LineParts parts = new LineParts();
        parts.add(1, phase);
        parts.add(2, String.format(Locale.ROOT, "%,d of %,d done", done, expected));
        parts.add(3, String.format(Locale.ROOT, "accepted %,d", progress.accepted()));
        parts.add(4, String.format(Locale.ROOT, "rejected %,d", progress.rejected()));
        parts.add(5, count("unusable", progress.invalid()));
        parts.add(5, count("invalid votes", progress.invalidVotes()));
        if (done < expected) {
            parts.add(
                    10,
                    String.format(
                            Locale.ROOT,
                            "generating %,d, judging %,d",
                            inFlight(progress, "GENERATING"),
                            inFlight(progress, "JUDGING")));
            parts.add(10, count("comparing", comparing(progress)));
        }
        addRate(parts, expected - done);
        parts.add(12, String.format(Locale.ROOT, "%,d calls", progress.calls()));
        parts.add(13, String.format(Locale.ROOT, "%,d tokens", progress.tokens()));
        if (progress.cachedTokens() > 0) {
            parts.add(
                    14,
                    String.format(
                            Locale.ROOT,
                            "%.0f%% of input cached",
                            100.0 * progress.cachedTokens() / progress.promptTokens()));
        }
        if (progress.usd() > 0) {
            parts.add(8, RunProgress.dollars(progress.usd()));
            double projected = progress.usdProjected(expected);
            if (done < expected && projected > 0) {
                parts.add(11, "estimate for all " + RunProgress.dollars(projected));
            }
        }
        return parts;
    }

    private void addRate(LineParts parts, long left) {
        OptionalDouble perSecond = rate.perSecond();
        if (left == 0 || perSecond.isEmpty() || perSecond.getAsDouble() == 0) {
            return;
        }
        double now = perSecond.getAsDouble();
        parts.add(
                9,
                now >= 1
                        ? String.format(Locale.ROOT, "%.1f/s", now)
                        : String.format(Locale.ROOT, "%.1f/min", now * 60));
        parts.add(7, "ETA " + RunStatus.duration((long) Math.ceil(left / now)));
    }

    /** Slots that wait for the search of near-duplicates. */
    private static long comparing(RunProgress progress) {
        return inFlight(progress, "CHECKING") + inFlight(progress, "SCREENING") + inFlight(progress, "CURATING");
    }

    private static long inFlight(RunProgress progress, String state) {
        return progress.inFlightByState().getOrDefault(state, 0L);
    }

    private static String count(String name, long count) {
        return count == 0 ? "" : String.format(Locale.ROOT, "%s %,d", name, count);
    }
}

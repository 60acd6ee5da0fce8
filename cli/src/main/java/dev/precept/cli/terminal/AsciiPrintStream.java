package dev.precept.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Prints text where the locale has no other characters than ASCII, as under {@code LC_ALL=C}: typographic characters as
 * their ASCII form, others as a Unicode escape. Nothing becomes a question mark.
 */
public final class AsciiPrintStream extends PrintStream {
    private static final Map<Integer, String> FORMS = Map.ofEntries(
            Map.entry((int) '·', "-"),
            Map.entry((int) '─', "-"),
            Map.entry((int) '–', "-"),
            Map.entry((int) '—', "-"),
            Map.entry((int) '…', "..."),
            Map.entry((int) '→', "->"),
            Map.entry((int) '×', "x"),
            Map.entry((int) '≥', ">="),
            Map.entry((int) '≤', "<="),
            Map.entry((int) '“', "\""),
            Map.entry((int) '”', "\""),
            Map.entry((int) '‘', "'"),
            Map.entry((int) '’', "'"),
            Map.entry((int) '\u00a0', " "));

    private final PrintStream raw;

    private AsciiPrintStream(PrintStream raw) {
        super(new Filter(raw), true, StandardCharsets.UTF_8);
        this.raw = raw;
    }

    /** Replaces standard output and standard error where their character set lacks the characters of messages. */
    public static void install() {
        System.setOut(forCharset(System.out));
        System.setErr(forCharset(System.err));
    }

    static PrintStream forCharset(PrintStream out) {
        return out.charset().newEncoder().canEncode("·─…") ? out : new AsciiPrintStream(out);
    }

    /** The stream below, for output that has an encoding of its own, such as JSON. */
    public static PrintStream unwrap(PrintStream out) {
        return out instanceof AsciiPrintStream ascii ? ascii.raw : out;
    }

    @Override
    public boolean checkError() {
        boolean failed = super.checkError();
        return raw.checkError() || failed;
    }

    /** Decodes UTF-8. A character may arrive in several writes. */
    private static final class Filter extends OutputStream {
        private final PrintStream raw;
        private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
        private int missing;

        Filter(PrintStream raw) {
            this.raw = raw;
        }

        @Override
        public void write(int value) {
            int b = value & 0xFF;
            if (b < 0x80) {
                raw.write(b);
                return;
            }
            if (b >= 0xC0) {
                begun.reset();
                missing = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
            }
            begun.write(b);
            if (begun.size() >= missing) {
                begun.toString(StandardCharsets.UTF_8)
                        .codePoints()
                        .forEach(c -> raw.print(FORMS.getOrDefault(c, escape(c))));
                begun.reset();
            }
        }

        private static String escape(int c) {
            StringBuilder escape = new StringBuilder();
            for (char unit : Character.toChars(c)) {
                escape.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
            }
            return escape.toString();
        }

        @Override
        public void flush() throws IOException {
            raw.flush();
        }
    }
}

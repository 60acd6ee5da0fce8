package dev.precept.cli.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.precept.cli.terminal.AsciiPrintStream;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Terminal;
import dev.precept.cli.terminal.TextWidth;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Prints contaminated rows as they are found, and what to do about them. Memory does not grow with the number of rows. */
abstract class ContaminationReport {
    /** Samples that a command in the report names, at most. */
    static final int MOST_SAMPLES = 20;

    private final Map<String, long[]> bySet = new TreeMap<>();
    private final Set<String> samples = new LinkedHashSet<>();
    private boolean others;

    /** For text. */
    static ContaminationReport text(PrintStream out) {
        return new Text(out);
    }

    /** One JSON document. */
    static ContaminationReport json(PrintStream out, String what) throws IOException {
        return new Json(AsciiPrintStream.unwrap(out), what);
    }

    final void add(ContaminatedRow row) {
        long[] counts = bySet.computeIfAbsent(row.match().set(), set -> new long[2]);
        counts[row.part().equals("prompt") ? 0 : 1]++;
        others |= !row.isSample() && !row.view().isEmpty();
        if (row.isSample() && samples.size() <= MOST_SAMPLES) {
            samples.add(row.id());
        }
        print(row);
    }

    abstract void print(ContaminatedRow row);

    /** Prints what the scan found. */
    abstract void end(ContaminationScan scan, String what) throws IOException;

    /** Questions found in prompts, and in completions, by set. */
    Map<String, long[]> bySet() {
        return bySet;
    }

    /** The first samples that hold a question, one more than a command names if there are more. */
    Set<String> samples() {
        return samples;
    }

    private static final class Text extends ContaminationReport {
        private static final int MOST_ROWS = 20;
        private static final int SET_COLUMN = 30;

        private final PrintStream out;
        private long printed;

        Text(PrintStream out) {
            this.out = out;
        }

        @Override
        void print(ContaminatedRow row) {
            if (printed++ >= MOST_ROWS) {
                return;
            }
            int width = Terminal.columnsOfOutput().orElse(Terminal.DEFAULT_COLUMNS);
            String of = row.isSample() ? "of sample " : row.view().isEmpty() ? "of " : "of " + row.view() + " row ";
            out.println(TextWidth.fit(
                    row.match().set() + " row " + row.match().row() + " in the " + row.part()
                            + String.format(Locale.ROOT, " (%.2f)", row.match().score()),
                    width));
            out.println("  " + of + row.id());
            TextWidth.wrap("\"" + row.match().words() + "\"", width - 4).forEach(line -> out.println("    " + line));
        }

        @Override
        void end(ContaminationScan scan, String what) {
            if (printed > MOST_ROWS) {
                out.println(String.format(Locale.ROOT, "and %,d more; --json prints all", printed - MOST_ROWS));
            }
            if (scan.contaminated() > 0) {
                out.println(String.format(
                        Locale.ROOT, "%n  %-" + SET_COLUMN + "s %9s %11s", "set", "prompts", "completions"));
                bySet().forEach((set, counts) -> out.println(String.format(
                        Locale.ROOT,
                        "  %-" + SET_COLUMN + "s %,9d %,11d",
                        TextWidth.fit(set, SET_COLUMN),
                        counts[0],
                        counts[1])));
            }
            out.println(String.format(
                    Locale.ROOT, "%s: %,d of %,d rows contaminated", what, scan.contaminated(), scan.rows()));
        }
    }

    private static final class Json extends ContaminationReport {
        private final JsonGenerator json;

        Json(PrintStream out, String what) throws IOException {
            json = new JsonFactory().createGenerator(out).setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeStringField("dataset", what);
            json.writeArrayFieldStart("hits");
        }

        @Override
        void print(ContaminatedRow row) {
            try {
                json.writeStartObject();
                json.writeStringField(row.isSample() ? "sample_id" : "row_id", row.id());
                if (!row.view().isEmpty()) {
                    json.writeStringField("view", row.view());
                }
                json.writeStringField("part", row.part());
                json.writeStringField("set", row.match().set());
                json.writeNumberField("row", row.match().row());
                json.writeStringField("words", row.match().words());
                json.writeStringField("method", row.match().method().label());
                json.writeNumberField("score", row.match().score());
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException("standard output", e);
            }
        }

        @Override
        void end(ContaminationScan scan, String what) throws IOException {
            json.writeEndArray();
            json.writeObjectFieldStart("sets");
            for (Map.Entry<String, long[]> set : bySet().entrySet()) {
                json.writeObjectFieldStart(set.getKey());
                json.writeNumberField("prompts", set.getValue()[0]);
                json.writeNumberField("completions", set.getValue()[1]);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeNumberField("rows", scan.rows());
            json.writeNumberField("contaminated", scan.contaminated());
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
        }
    }

    /** The command that makes a version without the samples. */
    final List<String> remedy(String version, String optionsFile) {
        List<String> lines = new ArrayList<>();
        String command = CommandName.get() + " withdraw " + version + " --as NAME --why \"evaluation questions\"";
        if (others) {
            lines.add("rows of other views hold no sample that can be withdrawn: release without these views,");
            lines.add("or without --rl-unkept");
        }
        if (samples.isEmpty()) {
            return lines;
        } else if (!optionsFile.isEmpty()) {
            lines.add("make a version without these samples:");
            lines.add("  " + command + " \\");
            lines.add("    @" + optionsFile);
        } else if (samples.size() <= MOST_SAMPLES) {
            lines.add("make a version without these samples:");
            lines.add("  " + command + " \\");
            List<String> ids = List.copyOf(samples);
            for (int i = 0; i < ids.size(); i++) {
                lines.add("  --sample " + ids.get(i) + (i + 1 < ids.size() ? " \\" : ""));
            }
        } else {
            lines.add("make a version without these samples: run this again with --samples-to FILE, then");
            lines.add("  " + command + " \\");
            lines.add("    @FILE");
        }
        return lines;
    }
}

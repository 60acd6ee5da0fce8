package dev.precept.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.TextWidth;
import dev.precept.runs.RunProgress;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalInt;

/** Prints the table of a run's progress; on a terminal its notes are wrapped beside the counts. */
public final class ProgressTable {
    /** Where the notes begin: name and count are before them. */
    private static final int NOTES = 31;

    private static final int NARROWEST = 20;

    private ProgressTable() {}

    /**
     * @param progress as {@link RunProgress#toJson} makes it
     * @param columns of the terminal; empty if the output is none
     */
    public static void print(PrintStream out, JsonNode progress, OptionalInt columns) {
        RunProgress.table(progress).lines().forEach(line -> print(out, CommandName.in(line), columns));
    }

    private static void print(PrintStream out, String line, OptionalInt columns) {
        int width = columns.orElse(Integer.MAX_VALUE);
        if (TextWidth.columns(line) <= width || line.length() <= NOTES || width - NOTES < NARROWEST) {
            out.println(line);
            return;
        }
        List<String> notes = TextWidth.wrap(line.substring(NOTES), width - NOTES);
        out.println(line.substring(0, NOTES) + notes.getFirst());
        notes.stream().skip(1).forEach(note -> out.println(" ".repeat(NOTES) + note));
    }
}

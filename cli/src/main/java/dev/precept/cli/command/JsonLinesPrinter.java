package dev.precept.cli.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.precept.cli.terminal.AsciiPrintStream;
import dev.precept.dataset.view.JsonRow;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Prints rows as JSON lines on standard output, each with its position first. Not thread-safe. */
final class JsonLinesPrinter {
    private static final JsonFactory JSON = new JsonFactory();
    /** A print stream reports a closed reader only when it is checked. */
    private static final int ROWS_BETWEEN_CHECKS = 64;

    private final PrintStream out;
    private long rows;

    JsonLinesPrinter(PrintStream out) {
        this.out = AsciiPrintStream.unwrap(out); // JSON is UTF-8 in every locale
    }

    /** The reader closed standard output: the command ends normally. */
    static final class OutputClosedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** @param label JSON name of the position */
    void writeRow(String label, String position, IndexedRecord row) throws IOException {
        line(label, position, row);
        if (++rows % ROWS_BETWEEN_CHECKS == 0) {
            flush();
        }
    }

    /** A row alone, without its position. */
    void writeRow(IndexedRecord row) throws IOException {
        line("", "", row);
        if (++rows % ROWS_BETWEEN_CHECKS == 0) {
            flush();
        }
    }

    void writeCursor(String cursor) throws IOException {
        line("cursor", cursor, null);
        flush();
    }

    private void line(String label, String position, @Nullable IndexedRecord row) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            if (!label.isEmpty()) {
                json.writeStringField(label, position);
            }
            if (row != null) {
                JsonRow.fields(row, json);
            }
            json.writeEndObject();
        }
        line.write('\n');
        out.write(line.toByteArray(), 0, line.size());
    }

    /** @throws OutputClosedException if the reader closed the pipe */
    void flush() throws IOException {
        if (out.checkError()) {
            try (FileOutputStream stdout = new FileOutputStream(FileDescriptor.out)) {
                stdout.write('\n'); // fails again, with the reason
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                    throw new OutputClosedException();
                }
                throw new IOException("standard output: " + e.getMessage(), e);
            }
            throw new IOException("cannot write to standard output");
        }
    }
}

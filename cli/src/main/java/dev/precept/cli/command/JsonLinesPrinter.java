package dev.precept.cli.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.precept.dataset.view.JsonRow;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Rows as JSON lines on standard output, each with its place first. */
final class JsonLinesPrinter {
    private static final JsonFactory JSON = new JsonFactory();
    /** A print stream says nothing of its own accord when nobody reads it any more. */
    private static final int ROWS_BETWEEN_LOOKS = 64;

    private final PrintStream out;
    private long rows;

    JsonLinesPrinter(PrintStream out) {
        this.out = out;
    }

    /** Whoever read standard output wants no more: an end like any other. */
    static final class OutputClosedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** @param label what the place is called, beside the columns */
    void writeRow(String label, String place, IndexedRecord row) throws IOException {
        line(label, place, row);
        if (++rows % ROWS_BETWEEN_LOOKS == 0) {
            flush();
        }
    }

    void writeCursor(String cursor) throws IOException {
        line("cursor", cursor, null);
        flush();
    }

    private void line(String label, String place, @Nullable IndexedRecord row) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField(label, place);
            if (row != null) {
                JsonRow.fields(row, json);
            }
            json.writeEndObject();
        }
        line.write('\n');
        out.write(line.toByteArray(), 0, line.size());
    }

    /** @throws OutputClosedException if the other end of the pipe was closed */
    void flush() throws IOException {
        if (out.checkError()) {
            try (FileOutputStream stdout = new FileOutputStream(FileDescriptor.out)) {
                stdout.write('\n'); // fails again, and says why
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                    throw new OutputClosedException();
                }
                throw new IOException("standard output: " + e.getMessage(), e);
            }
            throw new IOException("standard output could not be written");
        }
    }
}

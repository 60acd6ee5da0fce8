package dev.precept.dataset.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Files of JSON lines: one row a line, in UTF-8, each with a line feed at its end. Equal rows give equal bytes. */
public final class JsonLines {
    /** The end of the name of such a file. */
    public static final String EXTENSION = ".jsonl";

    private static final JsonFactory JSON = new JsonFactory()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    private JsonLines() {}

    /** Writes rows; the file is complete only after close. For one thread. */
    public static final class Writer implements Closeable {
        private final OutputStream out;

        /** @param out is closed with the writer */
        public Writer(OutputStream out) {
            this.out = new BufferedOutputStream(out, 1 << 16);
        }

        public void write(IndexedRecord row) throws IOException {
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                JsonRow.fields(row, json);
                json.writeEndObject();
            }
            out.write('\n');
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Reads rows of a view whose columns are JSON texts. For one thread. */
    public static final class Reader implements Closeable {
        private final Schema schema;
        private final BufferedReader lines;

        /** @param row the first row to read, from 0 */
        public Reader(Path file, Schema schema, long row) throws IOException {
            this.schema = schema;
            this.lines = Files.newBufferedReader(file, StandardCharsets.UTF_8);
            for (long before = 0; before < row; before++) {
                lines.readLine();
            }
        }

        /** The next row; null at the end. */
        public @Nullable IndexedRecord next() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                return null;
            }
            JsonNode json = JsonText.MAPPER.readTree(line);
            GenericData.Record row = new GenericData.Record(schema);
            for (Schema.Field field : schema.getFields()) {
                row.put(field.pos(), JsonText.write(json.path(field.name())));
            }
            return row;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /**
     * The summary of a complete file.
     *
     * @throws IOException if it cannot be read, a line is no JSON object, or the last one has no end
     */
    public static FileSummary check(Path file) throws IOException {
        long[] rows = {0};
        readColumns(file, List.of(), _ -> rows[0]++);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (bytes.length() > 0) {
                bytes.seek(bytes.length() - 1);
                if (bytes.read() != '\n') {
                    throw new IOException(file + " does not end with its last line");
                }
            }
        }
        return new FileSummary(rows[0], Files.size(file), Sha256.hex(file));
    }

    /** Reads some members of each row, given as dotted paths, as texts; an absent one is {@code null}. */
    public static void readColumns(Path file, List<String> paths, Consumer<List<String>> reader) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JsonText.MAPPER.readTree(line);
                if (!row.isObject()) {
                    throw new IOException(file + " has a line that is no JSON object");
                }
                List<String> texts = new ArrayList<>();
                for (String path : paths) {
                    JsonNode value = row.at("/" + path.replace('.', '/'));
                    texts.add(
                            value.isValueNode()
                                    ? value.asText()
                                    : value.isMissingNode() ? "null" : JsonText.write(value));
                }
                reader.accept(texts);
            }
        }
    }
}

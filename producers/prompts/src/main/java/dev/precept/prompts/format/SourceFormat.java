package dev.precept.prompts.format;

import dev.precept.prompts.parquet.ParquetRows;
import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.SourceFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a file holds its rows, told by its extension.
 *
 * @param packed whether all of it is a gzip stream
 */
public record SourceFormat(Shape shape, boolean packed) {
    private static final String GZIP = ".gz";
    private static final Map<String, Shape> SHAPES = Map.of(
            ".jsonl", Shape.JSON_LINES,
            ".ndjson", Shape.JSON_LINES,
            ".json", Shape.JSON_ARRAY,
            ".csv", Shape.CSV,
            ".tsv", Shape.TSV,
            ".parquet", Shape.PARQUET);

    public static final String KNOWN =
            ".jsonl and .ndjson for an object a line, .json for an array of objects, .csv, .tsv and"
                    + " .parquet, and all but the last with .gz behind";

    private enum Shape {
        /** An object a line. */
        JSON_LINES,
        /** One JSON array of objects. */
        JSON_ARRAY,
        /** Cells between commas. */
        CSV,
        /** Cells between tabs. */
        TSV,
        /** Parquet. */
        PARQUET
    }

    /** @param name of a file or an object; what lies before its extension does not matter */
    public static Optional<SourceFormat> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean packed = lower.endsWith(GZIP);
        String plain = packed ? lower.substring(0, lower.length() - GZIP.length()) : lower;
        @Nullable Shape shape = SHAPES.get(plain.substring(Math.max(0, plain.lastIndexOf('.'))));
        return shape == null || (packed && shape == Shape.PARQUET)
                ? Optional.empty()
                : Optional.of(new SourceFormat(shape, packed));
    }

    /** The extension a copy of such a file has. */
    public String extension() {
        String plain = SHAPES.entrySet().stream()
                .filter(entry -> entry.getValue() == shape)
                .map(Map.Entry::getKey)
                .min(String::compareTo)
                .orElseThrow();
        return packed ? plain + GZIP : plain;
    }

    /** @throws SourceFormatException if the beginning of the file shows that it is not of this format */
    public Rows open(Path file, FieldNames names) throws IOException {
        if (shape == Shape.PARQUET) {
            return ParquetRows.open(file, names);
        }
        InputStream in = Files.newInputStream(file);
        try {
            return rows(unpacked(in, Files.size(file)), names);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private Rows rows(InputStream in, FieldNames names) throws IOException {
        return switch (shape) {
            case JSON_LINES -> new LineRows(new ByteReader(in));
            case JSON_ARRAY -> new ArrayRows(new ByteReader(in));
            case CSV -> new DelimitedRows(in, ',', names);
            case TSV -> new DelimitedRows(in, '\t', names);
            case PARQUET -> throw new IllegalStateException("read by columns, not as a stream");
        };
    }

    /**
     * Reads a file to its end and counts its rows.
     *
     * @param in the bytes of the file
     * @throws SourceFormatException if it is not of this format
     */
    public long count(Path file, InputStream in, FieldNames names) throws IOException {
        return switch (shape) {
            case JSON_LINES -> lines(unpacked(in, Files.size(file)));
            case JSON_ARRAY ->
                JsonArrayValidator.countElements(new BufferedInputStream(unpacked(in, Files.size(file)), 1 << 16));
            case CSV, TSV -> count(rows(unpacked(in, Files.size(file)), names));
            case PARQUET -> {
                try (Rows rows = ParquetRows.open(file, names)) {
                    yield count(rows);
                }
            }
        };
    }

    private InputStream unpacked(InputStream in, long bytes) throws IOException {
        return packed ? new Gunzip(in, bytes) : in;
    }

    private static long count(Rows rows) throws IOException {
        long count = 0;
        while (rows.next() != null) {
            count++;
        }
        return count;
    }

    private static long lines(InputStream in) throws IOException {
        long rows = 0;
        boolean blank = true;
        ByteReader feed = new ByteReader(in);
        for (int next = feed.read(); next != ByteReader.END; next = feed.read()) {
            if (next == '\n') {
                rows += blank ? 0 : 1;
                blank = true;
            } else {
                blank &= RowBuffer.isSpace(next);
            }
        }
        return blank ? rows : rows + 1;
    }
}

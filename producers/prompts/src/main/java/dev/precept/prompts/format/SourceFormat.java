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

/** The format of a file, selected by its extension. */
public final class SourceFormat {
    private static final String GZIP = ".gz";
    private static final Map<String, Shape> SHAPES = Map.of(
            ".jsonl", Shape.JSON_LINES,
            ".ndjson", Shape.JSON_LINES,
            ".json", Shape.JSON_ARRAY,
            ".csv", Shape.CSV,
            ".tsv", Shape.TSV,
            ".parquet", Shape.PARQUET);

    public static final String KNOWN =
            ".jsonl and .ndjson for one object per line, .json for an array of objects, .csv, .tsv and"
                    + " .parquet, and all but the last with .gz appended";

    private enum Shape {
        JSON_LINES,
        JSON_ARRAY,
        CSV,
        TSV,
        PARQUET
    }

    private final Shape shape;
    private final boolean gzipped;

    private SourceFormat(Shape shape, boolean gzipped) {
        this.shape = shape;
        this.gzipped = gzipped;
    }

    /** The format of a file or object name; empty if its extension is unknown. */
    public static Optional<SourceFormat> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean gzipped = lower.endsWith(GZIP);
        String plain = gzipped ? lower.substring(0, lower.length() - GZIP.length()) : lower;
        @Nullable Shape shape = SHAPES.get(plain.substring(Math.max(0, plain.lastIndexOf('.'))));
        return shape == null || (gzipped && shape == Shape.PARQUET)
                ? Optional.empty()
                : Optional.of(new SourceFormat(shape, gzipped));
    }

    /** The extension of a copy of such a file. */
    public String extension() {
        String plain = SHAPES.entrySet().stream()
                .filter(entry -> entry.getValue() == shape)
                .map(Map.Entry::getKey)
                .min(String::compareTo)
                .orElseThrow();
        return gzipped ? plain + GZIP : plain;
    }

    /**
     * Opens a file.
     *
     * @throws SourceFormatException if its start does not match this format
     */
    public Rows open(Path file, FieldNames names) throws IOException {
        if (shape == Shape.PARQUET) {
            return ParquetRows.open(file, names);
        }
        InputStream in = Files.newInputStream(file);
        try {
            return rows(decompressed(in, Files.size(file)), names);
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
            case PARQUET -> throw new IllegalStateException("Parquet is not read as a stream");
        };
    }

    /**
     * Reads a file to its end and counts its rows.
     *
     * @param in the bytes of the file
     * @throws SourceFormatException if the file does not match this format
     */
    public long count(Path file, InputStream in, FieldNames names) throws IOException {
        return switch (shape) {
            case JSON_LINES -> lines(decompressed(in, Files.size(file)));
            case JSON_ARRAY ->
                JsonArrayValidator.countElements(new BufferedInputStream(decompressed(in, Files.size(file)), 1 << 16));
            case CSV, TSV -> count(rows(decompressed(in, Files.size(file)), names));
            case PARQUET -> {
                try (Rows rows = ParquetRows.open(file, names)) {
                    yield count(rows);
                }
            }
        };
    }

    private InputStream decompressed(InputStream in, long bytes) throws IOException {
        return gzipped ? new Gunzip(in, bytes) : in;
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
        ByteReader bytes = new ByteReader(in);
        for (int next = bytes.read(); next != ByteReader.END; next = bytes.read()) {
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

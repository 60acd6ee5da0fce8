package dev.precept.prompts.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.precept.prompts.parquet.ParquetRows;
import dev.precept.prompts.row.ColumnChoice;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.SourceFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The format of a file, selected by its extension and, where an extension is used for two, by its content. */
public final class SourceFormat {
    private static final String GZIP = ".gz";
    private static final Map<String, Shape> SHAPES = Map.of(
            ".jsonl", Shape.JSON_LINES,
            ".ndjson", Shape.JSON_LINES,
            ".json", Shape.JSON_ARRAY,
            ".csv", Shape.CSV,
            ".tsv", Shape.TSV,
            ".parquet", Shape.PARQUET);
    private static final String PLAIN_TEXT = ".txt";
    private static final JsonFactory JSON = new JsonFactory();

    /** The extensions of {@link #of}. */
    public static final String KNOWN =
            ".jsonl and .ndjson for one object per line, .json for an array of objects, .csv, .tsv and"
                    + " .parquet, and all but the last with .gz appended";

    /** The extensions of {@link #ofTexts}. */
    public static final String KNOWN_TEXTS = KNOWN + "; .txt for one text per line";

    private enum Shape {
        JSON_LINES,
        JSON_ARRAY,
        CSV,
        TSV,
        /** A quote is a letter. */
        TSV_UNQUOTED,
        PARQUET,
        /** Each line is a text. */
        LINES
    }

    private final Shape shape;
    private final boolean gzipped;
    private final String note;

    private SourceFormat(Shape shape, boolean gzipped, String note) {
        this.shape = shape;
        this.gzipped = gzipped;
        this.note = note;
    }

    /** The format of a file or object name; empty if its extension is unknown. */
    public static Optional<SourceFormat> of(String name) {
        String plain = plain(name);
        boolean gzipped = isGzipped(name);
        @Nullable Shape shape = SHAPES.get(plain.substring(Math.max(0, plain.lastIndexOf('.'))));
        return shape == null || (gzipped && shape == Shape.PARQUET)
                ? Optional.empty()
                : Optional.of(new SourceFormat(shape, gzipped, ""));
    }

    /** As {@link #of}, of a file that may also hold one text per line. */
    public static Optional<SourceFormat> ofTexts(String name) {
        return plain(name).endsWith(PLAIN_TEXT)
                ? Optional.of(new SourceFormat(Shape.LINES, isGzipped(name), ""))
                : of(name);
    }

    private static boolean isGzipped(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(GZIP);
    }

    /** The name in lower case, without the extension of a compressed file. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return isGzipped(name) ? lower.substring(0, lower.length() - GZIP.length()) : lower;
    }

    /** The extension of a copy of such a file. */
    public String extension() {
        String plain = shape == Shape.LINES
                ? PLAIN_TEXT
                : SHAPES.entrySet().stream()
                        .filter(entry -> entry.getValue() == shape)
                        .map(Map.Entry::getKey)
                        .min(String::compareTo)
                        .orElseThrow();
        return gzipped ? plain + GZIP : plain;
    }

    /** How the content differs from what the extension stands for; empty if it does not. */
    public String note() {
        return note;
    }

    /**
     * The format that a file's content has: JSON lines may be in a {@code .json} file, an array in a {@code .jsonl} file, and a
     * TSV file may use quotes as letters.
     */
    public SourceFormat detect(Path file, ColumnChoice columns) throws IOException {
        return switch (shape) {
            case JSON_LINES ->
                startsWith('[', file) && (isOneLine(file) || !isFirstLineComplete(file))
                        ? new SourceFormat(Shape.JSON_ARRAY, gzipped, "an array, in spite of its extension")
                        : this;
            case JSON_ARRAY ->
                startsWith('{', file) && isFirstLineComplete(file)
                        ? new SourceFormat(Shape.JSON_LINES, gzipped, "JSON lines, in spite of its extension")
                        : this;
            case TSV ->
                isQuoted(file, columns) ? this : new SourceFormat(Shape.TSV_UNQUOTED, gzipped, "quotes are letters");
            case CSV, TSV_UNQUOTED, PARQUET, LINES -> this;
        };
    }

    private boolean startsWith(char first, Path file) throws IOException {
        TextRow row = firstLine(file);
        return row != null && firstCharacter(row.bytes()) == first;
    }

    private static int firstCharacter(byte[] line) {
        int at = 0;
        while (at < line.length && RowBuffer.isSpace(line[at])) {
            at++;
        }
        return at < line.length ? line[at] : -1;
    }

    private boolean isFirstLineComplete(Path file) throws IOException {
        TextRow row = firstLine(file);
        if (row == null) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(row.bytes())) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private @Nullable TextRow firstLine(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                LineRows rows = new LineRows(new ByteReader(decompressed(in, Files.size(file))))) {
            return rows.next();
        }
    }

    private boolean isOneLine(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                LineRows rows = new LineRows(new ByteReader(decompressed(in, Files.size(file))))) {
            return rows.next() != null && rows.next() == null;
        }
    }

    private boolean isQuoted(Path file, ColumnChoice columns) throws IOException {
        try (Rows rows = open(file, columns)) {
            forEach(rows, _ -> {});
            return true;
        } catch (SourceFormatException e) {
            if (e.isQuote()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Opens a file.
     *
     * @throws SourceFormatException if its start does not match this format
     */
    public Rows open(Path file, ColumnChoice columns) throws IOException {
        if (shape == Shape.PARQUET) {
            return ParquetRows.open(file, columns);
        }
        InputStream in = Files.newInputStream(file);
        try {
            return rows(decompressed(in, Files.size(file)), columns);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private Rows rows(InputStream in, ColumnChoice columns) throws IOException {
        return switch (shape) {
            case JSON_LINES -> new LineRows(new ByteReader(in));
            case JSON_ARRAY -> new ArrayRows(new ByteReader(in));
            case CSV -> new DelimitedRows(in, ',', true, columns);
            case TSV -> new DelimitedRows(in, '\t', true, columns);
            case TSV_UNQUOTED -> new DelimitedRows(in, '\t', false, columns);
            case LINES -> new PlainRows(new LineRows(new ByteReader(in)));
            case PARQUET -> throw new IllegalStateException("Parquet is not read as a stream");
        };
    }

    /**
     * Reads a file to its end and counts its rows.
     *
     * @param in the bytes of the file; an array and a Parquet file are opened once more
     * @param each receives each row
     * @throws SourceFormatException if the file does not match this format
     */
    public long read(Path file, InputStream in, ColumnChoice columns, Consumer<Row> each) throws IOException {
        return switch (shape) {
            case JSON_LINES, CSV, TSV, TSV_UNQUOTED, LINES ->
                forEach(rows(decompressed(in, Files.size(file)), columns), each);
            case JSON_ARRAY -> {
                long count = JsonArrayValidator.countElements(
                        new BufferedInputStream(decompressed(in, Files.size(file)), 1 << 16));
                if (count > 0) {
                    try (Rows rows = open(file, columns)) {
                        forEach(rows, each);
                    }
                }
                yield count;
            }
            case PARQUET -> {
                try (Rows rows = ParquetRows.open(file, columns)) {
                    yield forEach(rows, each);
                }
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourceFormat that && shape == that.shape && gzipped == that.gzipped;
    }

    @Override
    public int hashCode() {
        return Objects.hash(shape, gzipped);
    }

    private InputStream decompressed(InputStream in, long bytes) throws IOException {
        return gzipped ? new Gunzip(in, bytes) : in;
    }

    private static long forEach(Rows rows, Consumer<Row> each) throws IOException {
        long count = 0;
        for (Row row = rows.next(); row != null; row = rows.next()) {
            each.accept(row);
            count++;
        }
        return count;
    }
}

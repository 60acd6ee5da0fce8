package dev.precept.prompts;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** How a file holds its rows, told by its extension. */
enum SourceFormat {
    /** An object a line. */
    LINES,
    /** One JSON array of objects. */
    ARRAY;

    static final String KNOWN = ".jsonl and .ndjson for an object a line, .json for an array of objects";

    static Optional<SourceFormat> of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return Optional.of(LINES);
        }
        return name.endsWith(".json") ? Optional.of(ARRAY) : Optional.empty();
    }

    Rows open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            ByteFeed feed = new ByteFeed(in);
            return switch (this) {
                case LINES -> new LineRows(feed);
                case ARRAY -> new ArrayRows(feed);
            };
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads a stream to its end and counts its rows.
     *
     * @throws BrokenFile if it is not of this format
     */
    long count(InputStream in) throws IOException, BrokenFile {
        return switch (this) {
            case LINES -> lines(in);
            case ARRAY -> ArrayCheck.elements(new BufferedInputStream(in, 1 << 16));
        };
    }

    private static long lines(InputStream in) throws IOException {
        long rows = 0;
        boolean blank = true;
        ByteFeed feed = new ByteFeed(in);
        for (int next = feed.read(); next != ByteFeed.END; next = feed.read()) {
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

package dev.precept.prompts.format;

import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a JSON array. {@link JsonArrayValidator} has already accepted the array, so brackets and strings suffice
 * to find the end of an element, which is parsed later, like a line.
 */
final class ArrayRows implements Rows {
    private final ByteReader bytes;
    private final RowBuffer row = new RowBuffer();
    private long number;
    private boolean ended;

    ArrayRows(ByteReader bytes) throws IOException {
        this.bytes = bytes;
        if (skipSpace() != '[') {
            throw changed();
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (ended) {
            return null;
        }
        int first = skipSpace();
        if (first == ']') {
            ended = true;
            return null;
        }
        long line = bytes.line();
        int end = readElement(first);
        ended = end == ']';
        number++;
        return row.toRow(number, line + ": element " + number);
    }

    /** Buffers one element and returns the character after it: a comma, or the closing bracket of the array. */
    private int readElement(int first) throws IOException {
        int depth = 0;
        boolean inString = false;
        for (int next = first; next != ByteReader.END; next = bytes.read()) {
            if (inString) {
                if (next == '\\') {
                    row.add(next);
                    next = bytes.read();
                } else if (next == '"') {
                    inString = false;
                }
            } else if (next == '"') {
                inString = true;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if (depth == 0 && (next == ',' || next == ']')) {
                return next;
            } else if (next == '}' || next == ']') {
                depth--;
            }
            row.add(next);
        }
        throw changed();
    }

    private int skipSpace() throws IOException {
        int next = bytes.read();
        while (RowBuffer.isSpace(next)) {
            next = bytes.read();
        }
        return next;
    }

    private IOException changed() {
        return new IOException(
                "line " + bytes.line() + ": no longer the JSON array that was checked at the start of the run");
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}

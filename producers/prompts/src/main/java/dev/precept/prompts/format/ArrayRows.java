package dev.precept.prompts.format;

import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a JSON array. The array as a whole was found well-formed when the run began, so brackets and strings
 * alone tell where an element ends; each element is read on its own later, as a line is.
 */
final class ArrayRows implements Rows {
    private final ByteReader feed;
    private final RowBuffer row = new RowBuffer();
    private long number;
    private boolean ended;

    ArrayRows(ByteReader feed) throws IOException {
        this.feed = feed;
        if (pastSpace() != '[') {
            throw changed();
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (ended) {
            return null;
        }
        int first = pastSpace();
        if (first == ']') {
            ended = true;
            return null;
        }
        long line = feed.line();
        int end = gather(first);
        ended = end == ']';
        number++;
        return row.toRow(number, line + ": element " + number);
    }

    /** Gathers one element and answers what ended it: a comma, or the bracket that closes the array. */
    private int gather(int first) throws IOException {
        int depth = 0;
        boolean inText = false;
        for (int next = first; next != ByteReader.END; next = feed.read()) {
            if (inText) {
                if (next == '\\') {
                    row.add(next);
                    next = feed.read();
                } else if (next == '"') {
                    inText = false;
                }
            } else if (next == '"') {
                inText = true;
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

    private int pastSpace() throws IOException {
        int next = feed.read();
        while (RowBuffer.isSpace(next)) {
            next = feed.read();
        }
        return next;
    }

    private IOException changed() {
        return new IOException("line " + feed.line() + ": no longer the JSON array it was when the run began");
    }

    @Override
    public void close() throws IOException {
        feed.close();
    }
}

package dev.precept.prompts.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.precept.prompts.row.SourceFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;

/** Verifies that a stream is one JSON array, in constant memory. */
final class JsonArrayValidator {
    // A value nested too deeply makes one row unusable when that row is parsed; here only brackets must match.
    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, true)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100_000)
                    .maxNumberLength(1 << 20)
                    .maxNameLength(1 << 20)
                    .build())
            .build();

    private JsonArrayValidator() {}

    /** Reads the stream to its end and counts the elements of its array. */
    static long countElements(BufferedInputStream in) throws IOException, SourceFormatException {
        requireUtf8(in);
        try (JsonParser parser = JSON.createParser(in)) {
            try {
                return countElements(parser);
            } catch (JsonEOFException e) {
                throw broken(e.getLocation(), "the file ends inside the array");
            } catch (JsonProcessingException e) {
                // Violations of a parser limit have no location.
                JsonLocation at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
                throw broken(at, "not JSON");
            }
        }
    }

    private static long countElements(JsonParser parser) throws IOException, SourceFormatException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return 0;
        }
        if (first != JsonToken.START_ARRAY) {
            throw broken(
                    parser.currentTokenLocation(),
                    "the top level is not an array; use an array of objects, or the extension .jsonl for one object per line");
        }
        long elements = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements++;
            parser.skipChildren();
        }
        if (parser.nextToken() != null) {
            throw broken(parser.currentTokenLocation(), "content after the array");
        }
        return elements;
    }

    /** The parser detects other encodings by their first bytes; {@link ArrayRows} reads only UTF-8. */
    private static void requireUtf8(BufferedInputStream in) throws IOException, SourceFormatException {
        in.mark(4);
        byte[] head = in.readNBytes(4);
        in.reset();
        for (byte b : head) {
            if (b == 0 || b == (byte) 0xFE || b == (byte) 0xFF) {
                throw new SourceFormatException(":1:1: not UTF-8 text; save the file as UTF-8");
            }
        }
    }

    private static SourceFormatException broken(JsonLocation at, String what) {
        return new SourceFormatException(":" + at.getLineNr() + ":" + at.getColumnNr() + ": " + what);
    }
}

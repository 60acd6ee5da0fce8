package dev.precept.prompts.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Parses the bytes of a row as a JSON object: strict UTF-8, no duplicate fields, no trailing content, bounded depth. */
public final class JsonRow {
    public static final int MAX_DEPTH = 64;

    public static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // What Python writes for a missing number.
                    .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, true)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRow() {}

    /** @throws UnusableRowException with a detail that names a position and never quotes the row */
    public static ObjectNode parse(byte[] row) throws UnusableRowException {
        InputStreamReader text = new InputStreamReader(
                new ByteArrayInputStream(row),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser parser = JSON.createParser(text)) {
            JsonNode value = JSON.readTree(parser);
            if (parser.nextToken() != null) {
                throw UnusableRowException.unreadable(
                        "broken JSON: content after the object" + at(parser.currentTokenLocation()));
            }
            if (value instanceof ObjectNode object) {
                return object;
            }
            throw UnusableRowException.unreadable("not a JSON object");
        } catch (CharacterCodingException e) {
            throw UnusableRowException.unreadable("not UTF-8 text");
        } catch (StreamConstraintsException e) {
            throw UnusableRowException.unreadable("nested deeper than " + MAX_DEPTH
                    + ", or a number or name of excessive length" + at(e.getLocation()));
        } catch (JsonEOFException e) {
            throw UnusableRowException.unreadable("broken JSON: unexpected end" + at(e.getLocation()));
        } catch (JsonProcessingException e) {
            boolean duplicate = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            throw UnusableRowException.unreadable(
                    (duplicate ? "broken JSON: duplicate field" : "broken JSON") + at(e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static String at(@Nullable JsonLocation location) {
        if (location == null) {
            return "";
        }
        String line = location.getLineNr() == 1 ? "" : ", line " + location.getLineNr() + " of the row";
        return line + ", column " + location.getColumnNr();
    }
}

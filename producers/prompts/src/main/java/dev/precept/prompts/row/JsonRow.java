package dev.precept.prompts.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
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

/** The bytes of a row as a JSON object: strict UTF-8, no name twice, nothing after it, not too deep. */
public final class JsonRow {
    public static final int DEEPEST = 64;

    public static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRow() {}

    /** The details name a column and never quote the row: it may hold a prompt. */
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
                        "broken JSON: something follows the object" + at(parser.currentTokenLocation()));
            }
            if (value instanceof ObjectNode object) {
                return object;
            }
            throw UnusableRowException.unreadable("a prompt is a JSON object");
        } catch (CharacterCodingException e) {
            throw UnusableRowException.unreadable("not UTF-8 text");
        } catch (StreamConstraintsException e) {
            throw UnusableRowException.unreadable("nested deeper than " + DEEPEST
                    + ", or a number or name of excessive length" + at(e.getLocation()));
        } catch (JsonEOFException e) {
            throw UnusableRowException.unreadable("broken JSON: it ends inside a value" + at(e.getLocation()));
        } catch (JsonProcessingException e) {
            boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            throw UnusableRowException.unreadable(
                    (twice ? "broken JSON: a field is there twice" : "broken JSON") + at(e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static String at(@Nullable JsonLocation place) {
        if (place == null) {
            return "";
        }
        String line = place.getLineNr() == 1 ? "" : ", line " + place.getLineNr() + " of it";
        return line + ", column " + place.getColumnNr();
    }
}

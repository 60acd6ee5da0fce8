package dev.precept.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds JSON objects in text: some models put a sentence or a code fence around the object they are asked for. */
final class JsonObjects {
    /** Beyond it, text around an object is not searched; a vote has a few hundred letters. */
    private static final int MAX_LENGTH = 64 << 10;
    /** Attempts to parse, so that a text of braces costs little. */
    private static final int MAX_STARTS = 64;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonObjects() {}

    /** The objects in the order of the text, without those inside others. */
    static List<JsonNode> find(String text) {
        try {
            JsonNode whole = JSON.readTree(text);
            return whole.isObject() ? List.of(whole) : List.of();
        } catch (JsonProcessingException notJsonAlone) {
            return text.length() <= MAX_LENGTH ? findWithin(text) : List.of();
        }
    }

    private static List<JsonNode> findWithin(String text) {
        List<JsonNode> objects = new ArrayList<>();
        int at = text.indexOf('{');
        for (int starts = 0; at >= 0 && starts < MAX_STARTS; starts++) {
            int length = objectAt(text.substring(at), objects);
            at = text.indexOf('{', at + length);
        }
        return objects;
    }

    /** Adds the object at the start of a text, if there is one, and returns the length of what it parsed, at least 1. */
    private static int objectAt(String text, List<JsonNode> objects) {
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
            objects.add(values.nextValue());
            return Math.toIntExact(values.getParser().currentLocation().getCharOffset());
        } catch (IOException noObject) {
            return 1;
        }
    }
}

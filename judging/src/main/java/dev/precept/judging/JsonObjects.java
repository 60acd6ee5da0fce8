package dev.precept.judging;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds JSON objects in text: some models think aloud first, or put a sentence or a code fence around the object they are
 * asked for. Line breaks within strings and commas at an end are read as models mean them.
 */
final class JsonObjects {
    private static final String THINKING_END = "</think>";
    /** Beyond it, text around an object is not searched; a vote has a few hundred letters. */
    private static final int MAX_LENGTH = 64 << 10;
    /** Attempts to parse, so that a text of braces costs little. */
    private static final int MAX_STARTS = 1_000;
    /** Before the value of a member. */
    private static final Pattern MEMBER_NAME = Pattern.compile("\"\\s{0,16}:\\s{0,16}$");

    private static final ObjectMapper LENIENT = mapper().build();
    private static final ObjectMapper NO_DUPLICATES = mapper().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonObjects() {}

    private static JsonMapper.Builder mapper() {
        return JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // to be reported as no whole number
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
    }

    /**
     * An object of a text.
     *
     * @param repeatsKey whether a key occurs twice in an object of it
     * @param from index of its first character
     * @param to index after its last character
     */
    record Found(JsonNode object, boolean repeatsKey, int from, int to) {}

    /** The objects after any thinking, in the order of the text, without those inside others. */
    static List<Found> find(String text) {
        if (text.length() > MAX_LENGTH) {
            return whole(text);
        }
        int thinking = text.lastIndexOf(THINKING_END);
        int from = thinking < 0 ? 0 : thinking + THINKING_END.length();
        List<Found> found = scan(text, from);
        if (!found.isEmpty() || thinking < 0) {
            return found;
        }
        // The tag may be part of an object, as where a reason speaks of it.
        return scan(text, 0).stream()
                .filter(object -> object.from() < thinking && object.to() > thinking)
                .toList();
    }

    private static List<Found> whole(String text) {
        try {
            JsonNode object = NO_DUPLICATES.readTree(text);
            return object.isObject() ? List.of(new Found(object, false, 0, text.length())) : List.of();
        } catch (JsonProcessingException notJsonAlone) {
            return List.of();
        }
    }

    private static List<Found> scan(String text, int from) {
        List<Found> found = new ArrayList<>();
        int at = text.indexOf('{', from);
        for (int starts = 0; at >= 0 && starts < MAX_STARTS; starts++) {
            int end = objectAt(text, at, found);
            at = text.indexOf('{', end);
        }
        return found;
    }

    /** Adds the object that begins here, if there is one, and returns where to search on. */
    private static int objectAt(String text, int from, List<Found> found) {
        try (JsonParser parser = LENIENT.createParser(reader(text, from))) {
            JsonNode object = parser.readValueAsTree();
            int to = from + Math.toIntExact(parser.currentLocation().getCharOffset());
            if (!isMember(text, from)) {
                found.add(new Found(object, repeatsKey(text.substring(from, to)), from, to));
            }
            return to;
        } catch (IOException noObject) {
            return from + 1;
        }
    }

    private static StringReader reader(String text, int from) throws IOException {
        StringReader reader = new StringReader(text);
        reader.skip(from);
        return reader;
    }

    /** Whether an object is the value of a member of another, which is broken. */
    private static boolean isMember(String text, int from) {
        return MEMBER_NAME.matcher(text.substring(Math.max(0, from - 40), from)).find();
    }

    private static boolean repeatsKey(String object) {
        try {
            NO_DUPLICATES.readTree(object);
            return false;
        } catch (JsonProcessingException repeated) {
            return true;
        }
    }
}

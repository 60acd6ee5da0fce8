package dev.precept.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The members of a JSON object, read by name and type. A member that is missing, or of another type, fails with its path,
 * such as {@code views.sft[3].rows}; unknown members are ignored.
 */
final class JsonMembers {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final String path;
    private final JsonNode object;

    private JsonMembers(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    /** Reads one element of a list or a map. */
    interface ElementReader<T> {
        T read(JsonMembers element) throws InvalidDocumentException;
    }

    static JsonMembers parse(byte[] json) throws InvalidDocumentException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidDocumentException("is not JSON (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new InvalidDocumentException("is not JSON (" + e.getMessage() + ")", e);
        }
        return of(root);
    }

    /** The members of a document that is parsed already. */
    static JsonMembers of(JsonNode root) throws InvalidDocumentException {
        if (!root.isObject()) {
            throw new InvalidDocumentException("is not a JSON object");
        }
        return new JsonMembers("", root);
    }

    boolean has(String name) {
        return object.has(name);
    }

    JsonNode json() {
        return object;
    }

    InvalidDocumentException invalid(String name, String what) {
        return new InvalidDocumentException(at(name) + ": " + what);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private JsonNode required(String name, boolean fits, String type) throws InvalidDocumentException {
        JsonNode value = object.get(name);
        if (value == null) {
            throw invalid(name, "is missing");
        } else if (!fits) {
            throw invalid(name, "is not " + type);
        }
        return value;
    }

    String text(String name) throws InvalidDocumentException {
        return required(name, object.path(name).isTextual(), "a text").textValue();
    }

    String text(String name, Pattern pattern) throws InvalidDocumentException {
        String text = text(name);
        if (!pattern.matcher(text).matches()) {
            throw invalid(name, "'" + text + "' does not match " + pattern);
        }
        return text;
    }

    Optional<String> optionalText(String name) throws InvalidDocumentException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** An integer that is not negative. */
    long count(String name) throws InvalidDocumentException {
        return count(required(name, isCount(object.path(name)), "a count"));
    }

    Optional<Long> optionalCount(String name) throws InvalidDocumentException {
        return has(name) ? Optional.of(count(name)) : Optional.empty();
    }

    int smallCount(String name) throws InvalidDocumentException {
        long count = count(name);
        if (count > Integer.MAX_VALUE) {
            throw invalid(name, "is too large");
        }
        return (int) count;
    }

    private static boolean isCount(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
    }

    private static long count(JsonNode value) {
        return value.longValue();
    }

    boolean flag(String name) throws InvalidDocumentException {
        return required(name, object.path(name).isBoolean(), "true or false").booleanValue();
    }

    double number(String name) throws InvalidDocumentException {
        return required(name, object.path(name).isNumber(), "a number").doubleValue();
    }

    Optional<Double> optionalNumber(String name) throws InvalidDocumentException {
        return has(name) ? Optional.of(number(name)) : Optional.empty();
    }

    JsonMembers object(String name) throws InvalidDocumentException {
        return new JsonMembers(at(name), required(name, object.path(name).isObject(), "an object"));
    }

    List<String> texts(String name) throws InvalidDocumentException {
        JsonNode list = required(name, object.path(name).isArray(), "a list");
        List<String> texts = new ArrayList<>();
        for (JsonNode text : list) {
            if (!text.isTextual()) {
                throw invalid(name + "[" + texts.size() + "]", "is not a text");
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    <T> List<T> list(String name, ElementReader<T> reader) throws InvalidDocumentException {
        JsonNode list = required(name, object.path(name).isArray(), "a list");
        List<T> elements = new ArrayList<>();
        for (JsonNode element : list) {
            String index = name + "[" + elements.size() + "]";
            if (!element.isObject()) {
                throw invalid(index, "is not an object");
            }
            elements.add(reader.read(new JsonMembers(at(index), element)));
        }
        return elements;
    }

    <T> List<T> optionalList(String name, ElementReader<T> reader) throws InvalidDocumentException {
        return has(name) ? list(name, reader) : List.of();
    }

    /** The member as an object of counts. */
    Map<String, Long> counts(String name) throws InvalidDocumentException {
        JsonMembers counts = object(name);
        Map<String, Long> values = new TreeMap<>();
        for (String key : counts.names()) {
            values.put(key, counts.count(key));
        }
        return values;
    }

    /** The member as an object of numbers. */
    Map<String, Double> numbers(String name) throws InvalidDocumentException {
        JsonMembers numbers = object(name);
        Map<String, Double> values = new TreeMap<>();
        for (String key : numbers.names()) {
            values.put(key, numbers.number(key));
        }
        return values;
    }

    List<String> names() {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }
}

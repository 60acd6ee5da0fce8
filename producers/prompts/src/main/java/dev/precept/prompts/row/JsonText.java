package dev.precept.prompts.row;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Checks that values of a row can be encoded downstream: well-formed Unicode, finite numbers. */
public final class JsonText {
    private static final int MAX_LABEL_LENGTH = 100;

    private JsonText() {}

    /** Returns a string unchanged. */
    public static String text(JsonNode value, String name) throws UnusableRowException {
        if (value.isMissingNode()) {
            throw UnusableRowException.unreadable("'" + name + "' is missing");
        }
        if (!value.isTextual()) {
            throw UnusableRowException.unreadable("'" + name + "' must be a string, it is " + kind(value));
        }
        return wellFormed(value.textValue(), name);
    }

    /** Returns a string that has a character other than white space. */
    public static String filled(JsonNode value, String name) throws UnusableRowException {
        String text = text(value, name);
        if (text.isBlank()) {
            throw UnusableRowException.unreadable("'" + name + "' is blank");
        }
        return text;
    }

    /** Returns a list or an object as compact JSON; NaN in it is null. */
    static String json(JsonNode value, String name) throws UnusableRowException {
        JsonNode finite = Values.withoutNaN(value);
        requireFinite(finite, name);
        return wellFormed(finite.toString(), name);
    }

    /** Returns a list of objects as compact JSON. */
    public static String objects(JsonNode list, String name) throws UnusableRowException {
        requireObjects(list, name);
        return json(list, name);
    }

    public static void requireObjects(JsonNode list, String name) throws UnusableRowException {
        if (!list.isArray()) {
            throw UnusableRowException.unreadable("'" + name + "' must be a list of objects, it is " + kind(list));
        }
        for (JsonNode item : list) {
            if (!item.isObject()) {
                throw UnusableRowException.unreadable(
                        "'" + name + "' must be a list of objects, one element is " + kind(item));
            }
        }
    }

    /** Shortens a label for a message. */
    public static String shortened(String label) {
        return label.codePointCount(0, label.length()) <= MAX_LABEL_LENGTH
                ? label
                : label.substring(0, label.offsetByCodePoints(0, MAX_LABEL_LENGTH)) + "…";
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NULL -> "null";
            case MISSING -> "absent";
            case BOOLEAN, NUMBER, BINARY, POJO ->
                "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    static String wellFormed(String text, String name) throws UnusableRowException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw UnusableRowException.unreadable("'" + name + "' holds half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private static void requireFinite(JsonNode value, String name) throws UnusableRowException {
        if (value.isNumber() && !Double.isFinite(value.doubleValue())) {
            throw UnusableRowException.unreadable("'" + name + "' holds a number too large for a double");
        }
        for (JsonNode below : value) {
            requireFinite(below, name);
        }
    }
}

package dev.precept.prompts.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * Parses a list or dict as Python prints it, which is what {@code DataFrame.to_csv} writes into a cell: strings in either
 * quote, {@code True}, {@code None}, tuples, {@code array([…], dtype=…)}, and the elements of a NumPy array, which have no
 * comma between them.
 */
final class PythonLiteral {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;
    private int at;

    PythonLiteral(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if the text is no literal */
    JsonNode parse() {
        JsonNode value = value(0);
        skipSpace();
        if (at < text.length()) {
            throw broken();
        }
        return value;
    }

    private JsonNode value(int depth) {
        skipSpace();
        if (depth > JsonRow.MAX_DEPTH || at == text.length()) {
            throw broken();
        }
        char next = text.charAt(at);
        return switch (next) {
            case '[' -> list(']', depth);
            case '(' -> list(')', depth);
            case '{' -> dict(depth);
            case '\'', '"' -> NODES.textNode(string(next));
            default -> word(depth);
        };
    }

    private ArrayNode list(char end, int depth) {
        ArrayNode list = NODES.arrayNode();
        at++;
        while (!accept(end)) {
            list.add(value(depth + 1));
            accept(',');
        }
        return list;
    }

    private ObjectNode dict(int depth) {
        ObjectNode dict = NODES.objectNode();
        at++;
        while (!accept('}')) {
            JsonNode key = value(depth + 1);
            require(':');
            if (dict.replace(key.asText(), value(depth + 1)) != null) {
                throw broken();
            }
            if (!accept(',') && !peek('}')) {
                throw broken();
            }
        }
        return dict;
    }

    /** A number, a constant, or the call that NumPy prints around a list. */
    private JsonNode word(int depth) {
        int start = at;
        while (at < text.length()
                && ("+-._".indexOf(text.charAt(at)) >= 0 || Character.isLetterOrDigit(text.charAt(at)))) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "" -> throw broken();
            case "True" -> NODES.booleanNode(true);
            case "False" -> NODES.booleanNode(false);
            case "None", "nan", "NaN" -> NODES.nullNode();
            case "array" -> array(depth);
            default -> number(word);
        };
    }

    private JsonNode array(int depth) {
        require('(');
        JsonNode list = value(depth + 1);
        int end = text.indexOf(')', at);
        if (!list.isArray() || end < 0) {
            throw broken();
        }
        at = end + 1; // behind ", dtype=object"
        return list;
    }

    private JsonNode number(String word) {
        BigDecimal number = new BigDecimal(word); // a NumberFormatException is an IllegalArgumentException
        return number.scale() <= 0 && (long) number.precision() - number.scale() < 19
                ? NODES.numberNode(number.longValueExact())
                : NODES.numberNode(number.doubleValue());
    }

    private String string(char quote) {
        StringBuilder string = new StringBuilder();
        at++;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == quote) {
                return string.toString();
            }
            string.append(next == '\\' ? escaped() : String.valueOf(next));
        }
        throw broken();
    }

    private String escaped() {
        if (at == text.length()) {
            throw broken();
        }
        char next = text.charAt(at++);
        return switch (next) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'x' -> codePoint(2);
            case 'u' -> codePoint(4);
            case 'U' -> codePoint(8);
            case '\\', '\'', '"' -> String.valueOf(next);
            default -> "\\" + next;
        };
    }

    private String codePoint(int digits) {
        if (at + digits > text.length()) {
            throw broken();
        }
        int code = Integer.parseInt(text, at, at + digits, 16);
        at += digits;
        return Character.toString(code);
    }

    private boolean accept(char wanted) {
        boolean found = peek(wanted);
        at += found ? 1 : 0;
        return found;
    }

    private boolean peek(char wanted) {
        skipSpace();
        if (at == text.length()) {
            throw broken();
        }
        return text.charAt(at) == wanted;
    }

    private void require(char wanted) {
        if (!accept(wanted)) {
            throw broken();
        }
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static IllegalArgumentException broken() {
        return new IllegalArgumentException("not a Python literal");
    }
}

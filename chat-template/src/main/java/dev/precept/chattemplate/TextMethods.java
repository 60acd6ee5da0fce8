package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Methods of Python's {@code str}. */
final class TextMethods {
    private static final Set<String> KNOWN = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "startswith",
            "endswith",
            "upper",
            "lower",
            "title",
            "capitalize",
            "replace",
            "find",
            "rfind",
            "index",
            "count",
            "join",
            "isdigit",
            "removeprefix",
            "removesuffix");
    private static final long ALL = Long.MAX_VALUE;

    private TextMethods() {}

    static boolean known(String name) {
        return KNOWN.contains(name);
    }

    static Value call(String text, String name, Arguments arguments) {
        return switch (name) {
            case "strip" -> Value.of(strip(text, true, true, arguments));
            case "lstrip" -> Value.of(strip(text, true, false, arguments));
            case "rstrip" -> Value.of(strip(text, false, true, arguments));
            case "split" -> split(text, arguments, false);
            case "rsplit" -> split(text, arguments, true);
            case "splitlines" -> texts(text.lines().toList());
            case "startswith" ->
                Value.of(anyOf(arguments.at(0, "prefix")).stream().anyMatch(text::startsWith));
            case "endswith" ->
                Value.of(anyOf(arguments.at(0, "suffix")).stream().anyMatch(text::endsWith));
            case "upper" -> Value.of(text.toUpperCase(Locale.ROOT));
            case "lower" -> Value.of(text.toLowerCase(Locale.ROOT));
            case "title" -> Value.of(Cases.title(text));
            case "capitalize" -> Value.of(Cases.capitalize(text));
            case "replace" ->
                Value.of(replace(
                        text, arguments.text(0, "old"), arguments.text(1, "new"), arguments.whole(2, "count", -1)));
            case "find" -> codePointIndex(text, text.indexOf(arguments.text(0, "sub")));
            case "rfind" -> codePointIndex(text, text.lastIndexOf(arguments.text(0, "sub")));
            case "index" -> codePointIndex(text, required(text.indexOf(arguments.text(0, "sub"))));
            case "count" -> Value.of(count(text, arguments.text(0, "sub")));
            case "join" ->
                Value.of(String.join(
                        text,
                        Operators.items(arguments.at(0, "items")).stream()
                                .map(TextMethods::text)
                                .toList()));
            case "isdigit" -> Value.of(!text.isEmpty() && text.codePoints().allMatch(Character::isDigit));
            case "removeprefix" ->
                Value.of(
                        text.startsWith(arguments.text(0, "prefix"))
                                ? text.substring(arguments.text(0, "prefix").length())
                                : text);
            case "removesuffix" -> {
                String suffix = arguments.text(0, "suffix");
                yield Value.of(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
            }
            default -> throw new RenderFailure("a string has no method '" + name + "'");
        };
    }

    static String strip(String text, boolean start, boolean end, Arguments arguments) {
        if (arguments.at(0, "chars", Value.NONE) instanceof Value.None) {
            String kept = end ? Whitespace.stripEnd(text) : text;
            return start ? kept.substring(Whitespace.skipWhitespace(kept, 0)) : kept;
        }
        String characters = arguments.text(0, "chars");
        int from = 0;
        int to = text.length();
        while (start && from < to && characters.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (end && to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    private static Value split(String text, Arguments arguments, boolean fromRight) {
        long limit = arguments.whole(1, "maxsplit", -1);
        long maxSplits = limit < 0 ? ALL : limit;
        if (arguments.at(0, "sep", Value.NONE) instanceof Value.None) {
            String stripped = Whitespace.strip(text);
            return stripped.isEmpty()
                    ? Value.list(List.of())
                    : texts(TextSplitter.splitWhitespace(stripped, maxSplits, fromRight));
        }
        String separator = arguments.text(0, "sep");
        if (separator.isEmpty()) {
            throw new RenderFailure("empty separator");
        }
        return texts(
                fromRight
                        ? TextSplitter.splitRight(text, separator, maxSplits)
                        : TextSplitter.splitLeft(text, separator, maxSplits));
    }

    /** Replaces the first {@code max} occurrences; all if negative. */
    static String replace(String text, String old, String replacement, long max) {
        if (old.isEmpty()) {
            throw new RenderFailure("an empty string cannot be replaced");
        }
        long found = max < 0 ? count(text, old) : Math.min(max, count(text, old));
        new RenderBudget().reserve(text.length() + found * replacement.length());
        return String.join(replacement, TextSplitter.splitLeft(text, old, found));
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static Value codePointIndex(String text, int offset) {
        return Value.of(offset < 0 ? -1 : text.codePointCount(0, offset));
    }

    private static int required(int offset) {
        if (offset < 0) {
            throw new RenderFailure("substring not found");
        }
        return offset;
    }

    private static List<String> anyOf(Value value) {
        return value instanceof Value.Sequence(List<Value> items, boolean _)
                ? items.stream().map(TextMethods::text).toList()
                : List.of(text(value));
    }

    private static String text(Value value) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw new RenderFailure(Operators.describe(value) + " is not a string");
    }

    static Value texts(List<String> texts) {
        List<Value> values = new ArrayList<>();
        texts.forEach(text -> values.add(Value.of(text)));
        return Value.list(values);
    }
}

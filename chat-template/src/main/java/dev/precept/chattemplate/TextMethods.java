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

    static Value call(String text, String name, Arguments given) {
        return switch (name) {
            case "strip" -> Value.of(stripped(text, true, true, given));
            case "lstrip" -> Value.of(stripped(text, true, false, given));
            case "rstrip" -> Value.of(stripped(text, false, true, given));
            case "split" -> split(text, given, false);
            case "rsplit" -> split(text, given, true);
            case "splitlines" -> texts(text.lines().toList());
            case "startswith" -> Value.of(anyOf(given.at(0, "prefix")).stream().anyMatch(text::startsWith));
            case "endswith" -> Value.of(anyOf(given.at(0, "suffix")).stream().anyMatch(text::endsWith));
            case "upper" -> Value.of(text.toUpperCase(Locale.ROOT));
            case "lower" -> Value.of(text.toLowerCase(Locale.ROOT));
            case "title" -> Value.of(Cases.titled(text));
            case "capitalize" -> Value.of(Cases.capitalized(text));
            case "replace" ->
                Value.of(replaced(text, given.text(0, "old"), given.text(1, "new"), given.whole(2, "count", -1)));
            case "find" -> place(text, text.indexOf(given.text(0, "sub")));
            case "rfind" -> place(text, text.lastIndexOf(given.text(0, "sub")));
            case "index" -> place(text, required(text.indexOf(given.text(0, "sub"))));
            case "count" -> Value.of(count(text, given.text(0, "sub")));
            case "join" ->
                Value.of(String.join(
                        text,
                        Operators.items(given.at(0, "items")).stream()
                                .map(TextMethods::text)
                                .toList()));
            case "isdigit" -> Value.of(!text.isEmpty() && text.codePoints().allMatch(Character::isDigit));
            case "removeprefix" ->
                Value.of(
                        text.startsWith(given.text(0, "prefix"))
                                ? text.substring(given.text(0, "prefix").length())
                                : text);
            case "removesuffix" -> {
                String suffix = given.text(0, "suffix");
                yield Value.of(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
            }
            default -> throw new RenderFailure("a text has no '" + name + "'");
        };
    }

    static String stripped(String text, boolean start, boolean end, Arguments given) {
        if (given.at(0, "chars", Value.NONE) instanceof Value.None) {
            String kept = end ? Whitespace.stripEnd(text) : text;
            return start ? kept.substring(Whitespace.skipWhitespace(kept, 0)) : kept;
        }
        String any = given.text(0, "chars");
        int from = 0;
        int to = text.length();
        while (start && from < to && any.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (end && to > from && any.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    private static Value split(String text, Arguments given, boolean fromTheEnd) {
        long most = given.whole(1, "maxsplit", -1);
        long cuts = most < 0 ? ALL : most;
        if (given.at(0, "sep", Value.NONE) instanceof Value.None) {
            String stripped = Whitespace.strip(text);
            return stripped.isEmpty()
                    ? Value.list(List.of())
                    : texts(TextSplitter.splitWhitespace(stripped, cuts, fromTheEnd));
        }
        String separator = given.text(0, "sep");
        if (separator.isEmpty()) {
            throw new RenderFailure("a text cannot be split at nothing");
        }
        return texts(
                fromTheEnd
                        ? TextSplitter.splitRight(text, separator, cuts)
                        : TextSplitter.splitLeft(text, separator, cuts));
    }

    /** Replaces the first {@code most}; all if it is negative. */
    static String replaced(String text, String old, String by, long most) {
        if (old.isEmpty()) {
            throw new RenderFailure("nothing cannot be replaced");
        }
        long found = most < 0 ? count(text, old) : Math.min(most, count(text, old));
        new RenderBudget().expect(text.length() + found * by.length());
        return String.join(by, TextSplitter.splitLeft(text, old, found));
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

    private static Value place(String text, int offset) {
        return Value.of(offset < 0 ? -1 : text.codePointCount(0, offset));
    }

    private static int required(int offset) {
        if (offset < 0) {
            throw new RenderFailure("the text does not hold what is looked for");
        }
        return offset;
    }

    private static List<String> anyOf(Value given) {
        return given instanceof Value.Sequence(List<Value> items, boolean _)
                ? items.stream().map(TextMethods::text).toList()
                : List.of(text(given));
    }

    private static String text(Value value) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw new RenderFailure(Operators.kind(value) + " stands where a text is needed");
    }

    static Value texts(List<String> texts) {
        List<Value> values = new ArrayList<>();
        texts.forEach(text -> values.add(Value.of(text)));
        return Value.list(values);
    }
}

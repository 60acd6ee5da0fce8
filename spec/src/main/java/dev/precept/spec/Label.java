package dev.precept.spec;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The label after a clause's heading, such as <code>{#illicit-K3 authority=root}</code>. */
record Label(String id, Map<String, String> attributes) {
    private static final int MAX_QUOTE_LENGTH = 60;
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "(?<key>[\\p{L}_][\\p{L}\\p{N}_.:-]*+)=(?:\"(?<quoted>[^\"]*+)\"|(?<bare>[^\\s\"{}]++))(?=\\s|$)");

    /**
     * Parses a label without its braces and its {@code #}.
     *
     * @throws SpecException with the invalid part and the correct syntax
     */
    static Label parse(String inside) {
        int end = 0;
        while (end < inside.length() && !Character.isWhitespace(inside.charAt(end))) {
            end++;
        }
        String id = inside.substring(0, end);
        if (!ClauseId.isValid(id)) {
            throw new SpecException("'" + cut(id)
                    + "' is not a clause id; write {#id key=value}, with an id of letters, " + "digits, _ and -");
        }
        return new Label(id, attributes(inside.substring(end).strip()));
    }

    private static SortedMap<String, String> attributes(String text) {
        SortedMap<String, String> attributes = new TreeMap<>();
        Matcher matcher = ATTRIBUTE.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw new SpecException("cannot read '" + cut(text.substring(at)) + "'; after the id come attributes "
                        + "as key=value or key=\"a value\"");
            }
            String quoted = matcher.group("quoted");
            String value = quoted == null ? matcher.group("bare") : quoted;
            if (attributes.put(matcher.group("key"), value) != null) {
                throw new SpecException("attribute '" + cut(matcher.group("key")) + "' occurs twice; keep one");
            }
            at = matcher.end();
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
        return Collections.unmodifiableSortedMap(attributes);
    }

    /** Shortens a quote in a message. */
    private static String cut(String text) {
        return text.length() > MAX_QUOTE_LENGTH ? text.substring(0, MAX_QUOTE_LENGTH) + "…" : text;
    }
}

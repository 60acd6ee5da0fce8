package dev.precept.judging;

import dev.precept.model.PreEncodedText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The text of an excerpt, encoded once for each constant text around it. Thread-safe. */
final class ExcerptText {
    private final String text;
    /** One entry for each template, of which a process uses one or two. */
    private final Map<Surroundings, PreEncodedText> encoded = new ConcurrentHashMap<>();

    private record Surroundings(String before, String after) {}

    ExcerptText(String text) {
        this.text = text;
    }

    int length() {
        return text.length();
    }

    /** The excerpt between two texts of a template, which no request changes. */
    PreEncodedText between(String before, String after) {
        return encoded.computeIfAbsent(
                new Surroundings(before, after), around -> new PreEncodedText(around.before() + text + around.after()));
    }
}

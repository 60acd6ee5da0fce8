package dev.precept.judging;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A place of a prompt template, written as its name in double braces. */
enum Place {
    /** The excerpt of the specification: the only text that is not foreign. */
    POLICIES,
    CONVERSATION,
    REASONING,
    ANSWER,
    /** A remark about the ideal response, with the words around it; nothing for a prompt that has none. */
    SIDE_INFORMATION;

    static Optional<Place> named(String name) {
        return Arrays.stream(values())
                .filter(place -> place.label().equals(name))
                .findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "{{" + label() + "}}";
    }

    static String list(Iterable<Place> places) {
        return StreamSupport.stream(places.spliterator(), false)
                .map(Place::toString)
                .collect(Collectors.joining(", "));
    }
}

package dev.precept.judging;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A place of a prompt template, written as its name in double braces. All but the policies and what a run fills is foreign. */
enum Place {
    /** The excerpt of the specification. */
    POLICIES,
    CONVERSATION,
    REASONING,
    ANSWER,
    /** A remark about the ideal response, with the words around it; nothing for a prompt that has none. */
    SIDE_INFORMATION,
    /** An attempt that fell short and what its judges said, with the words around it; nothing for an attempt that is no repair. */
    REPAIR,
    /** How to grade: the same in all requests of a run. */
    CRITERIA,
    /** The members of the JSON object that is asked for: the same in all requests of a run. */
    MEMBERS;

    /** Whether a run fills the place once. */
    boolean isConstant() {
        return this == CRITERIA || this == MEMBERS;
    }

    /** Whether a template may do without it. */
    boolean isOptional() {
        return isConstant() || this == REPAIR;
    }

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

package dev.precept.model.mock;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The action that a clause requires. */
enum ExpectedAction {
    COMPLY("compl(y|ies|iance)"),
    REFUSE("refus(e|es|al)"),
    SAFE_COMPLETE("safe[ _-]?complet(e|es|ion)");

    private final Pattern words;

    ExpectedAction(String words) {
        this.words = Pattern.compile("\\b" + words + "\\b", Pattern.CASE_INSENSITIVE);
    }

    static Optional<ExpectedAction> of(String name) {
        for (ExpectedAction action : values()) {
            if (action.word().equals(name)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isNamedIn(String text) {
        return words.matcher(text).find();
    }
}

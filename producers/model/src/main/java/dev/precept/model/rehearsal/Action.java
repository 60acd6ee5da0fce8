package dev.precept.model.rehearsal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a clause asks of whoever answers. */
enum Action {
    COMPLY("compl(y|ies|iance)"),
    REFUSE("refus(e|es|al)"),
    SAFE_COMPLETE("safe[ _-]?complet(e|es|ion)");

    private final Pattern words;

    Action(String words) {
        this.words = Pattern.compile("\\b" + words + "\\b", Pattern.CASE_INSENSITIVE);
    }

    static Optional<Action> of(String name) {
        for (Action action : values()) {
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

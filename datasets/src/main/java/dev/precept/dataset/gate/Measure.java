package dev.precept.dataset.gate;

import java.util.Locale;

/** What an evaluation of a model measures. A higher value is better. */
public enum Measure {
    /** On prompts that are to be refused. */
    NOT_UNSAFE("share of answers to disallowed prompts that do not comply"),
    /** On prompts that are to be answered. */
    NOT_OVERREFUSE("share of benign prompts that are answered");

    private final String meaning;

    Measure(String meaning) {
        this.meaning = meaning;
    }

    /** As in a recipe and in a record. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String meaning() {
        return meaning;
    }
}

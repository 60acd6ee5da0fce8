package dev.precept.evaluation.safety;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a prompt asks for, and so what the ideal response is. */
public enum Label {
    /** The model should comply. */
    BENIGN,
    /** The model should refuse, or complete safely. */
    DISALLOWED,
    /** The model should complete safely; only where style is scored. */
    SAFE_COMPLETE;

    /** The words of public sets. */
    private static final Map<String, Label> WORDS = Map.ofEntries(
            Map.entry("benign", BENIGN),
            Map.entry("safe", BENIGN),
            Map.entry("harmless", BENIGN),
            Map.entry("allowed", BENIGN),
            Map.entry("comply", BENIGN),
            Map.entry("vanilla_benign", BENIGN),
            Map.entry("adversarial_benign", BENIGN),
            Map.entry("disallowed", DISALLOWED),
            Map.entry("unsafe", DISALLOWED),
            Map.entry("harmful", DISALLOWED),
            Map.entry("toxic", DISALLOWED),
            Map.entry("refuse", DISALLOWED),
            Map.entry("vanilla_harmful", DISALLOWED),
            Map.entry("adversarial_harmful", DISALLOWED),
            Map.entry("safe_complete", SAFE_COMPLETE));

    /** The label that a word stands for; empty if it stands for none. */
    static Optional<Label> parse(String word) {
        String plain = word.strip().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
        return Optional.ofNullable(WORDS.get(plain));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.precept.evaluation.safety;

import java.util.Locale;
import java.util.Optional;

/** How the answers to a set are scored. */
public enum Scoring {
    /** Harm by the rubric of StrongREJECT (Souly et al., arXiv 2402.10260): refusal, and how convincing and specific an answer is. */
    STRONGREJECT,
    /** As XSTest (Röttger et al., arXiv 2308.01263): a partial refusal counts as refusal. */
    XSTEST,
    /** Refusal of disallowed and of benign prompts; a safe completion is neither. */
    REFUSAL,
    /** Whether an answer has the style that its label asks for: comply, safe-complete, or a hard refusal in its form. */
    STYLE;

    static Optional<Scoring> parse(String text) {
        for (Scoring scoring : values()) {
            if (scoring.toString().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return Optional.of(scoring);
            }
        }
        return Optional.empty();
    }

    /** Whether the answers are counted in the chart; style is another question than refusal. */
    public boolean isCharted() {
        return this != STYLE;
    }

    /** Whether a prompt may have a label. */
    boolean takes(Label label) {
        return switch (this) {
            case STRONGREJECT -> label == Label.DISALLOWED;
            case XSTEST, REFUSAL -> label != Label.SAFE_COMPLETE;
            case STYLE -> true;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

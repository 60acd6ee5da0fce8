package dev.precept.text.contamination;

import java.util.Locale;

/** How a text is compared with the questions of evaluation sets. */
public enum MatchMethod {
    /** A shared run of 13 tokens (Brown et al., Language Models are Few-Shot Learners, 2020, appendix C). */
    NGRAM13,
    /** Shared runs of 5 tokens, each by how rare it is in the sets (decon, Allen Institute for AI). */
    IDF;

    /** As in recipes and records. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.precept.judging;

/** Where the policies stand in a request. Part of a run's identity: it decides what a model reads. */
public enum Layout {
    /** In the system message, before all foreign text, so that requests with one excerpt begin with the same bytes. */
    SPEC_FIRST("spec-first"),
    /** The same text in one user message, for models that take no system message. */
    SPEC_FIRST_USER("spec-first-user"),
    /** In one user message, in the order of Guan et al., arXiv 2412.16339, figures 5 and 6: after the conversation. */
    PAPER("paper");

    private final String label;

    Layout(String label) {
        this.label = label;
    }

    /** Whether requests with one excerpt share their beginning. */
    boolean sharesPolicies() {
        return this != PAPER;
    }

    /** The value in a recipe. */
    @Override
    public String toString() {
        return label;
    }
}

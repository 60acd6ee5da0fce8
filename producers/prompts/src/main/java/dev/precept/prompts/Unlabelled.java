package dev.precept.prompts;

/** What a model is told with a prompt that has no category. */
public enum Unlabelled {
    /** Every clause of the specification. */
    ALL,
    /** One line for each category, and the principles. */
    SUMMARY,
    /** Nothing: the prompt is unusable. */
    REJECT
}

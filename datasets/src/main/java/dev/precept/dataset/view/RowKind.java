package dev.precept.dataset.view;

/** What one row of a view represents. */
public enum RowKind {
    /** A sample that the version keeps. */
    SAMPLE,
    /** A prompt with one specification excerpt, if the version keeps a sample of it. */
    PROMPT,
    /** The best and the worst sample of a prompt from one run. */
    PAIR
}

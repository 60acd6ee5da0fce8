package dev.precept.dataset.view;

/** What one row of a view stands for. */
public enum RowKind {
    /** A sample that the version keeps. */
    SAMPLE,
    /** A prompt under one wording of its specification, of which the version keeps a sample. */
    PROMPT,
    /** The best against the worst that one run made of a prompt. */
    PAIR
}

package dev.precept.dataset.neardup;

/**
 * A kept text that is similar to another one.
 *
 * @param text its number
 * @param similarity true Jaccard similarity of the shingles
 */
public record Match(int text, double similarity) {}

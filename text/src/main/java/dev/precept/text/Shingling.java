package dev.precept.text;

/**
 * What the shingles of a text are.
 *
 * <p>Runs of words say little of a short text: one other word in twenty changes five of sixteen runs. Short texts are
 * compared by runs of characters, and texts near the limit by both, so that a pair on both sides of it is found.
 */
public enum Shingling {
    /** Five successive tokens. */
    WORDS(0),
    /**
     * Five successive characters of the tokens, which are joined by one space. Four spaces before and after the text give its
     * first and last word the weight of the others (Gravano et al., Approximate string joins in a database, 2001).
     */
    CHARACTERS(1);

    /** Tokens, or characters, of a shingle. */
    public static final int LENGTH = 5;

    private final int number;

    Shingling(int number) {
        this.number = number;
    }

    /** Part of the keys of bands. */
    int number() {
        return number;
    }
}

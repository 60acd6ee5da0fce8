package dev.precept.model;

import java.util.List;

/**
 * Maps texts to vectors. The cosine of two vectors of one model says how similar their texts are in meaning. Thread-safe.
 */
public interface EmbeddingModel extends AutoCloseable {
    /** Identifies the vectors: only those of equal names are comparable. Printable, without line breaks. */
    String name();

    /** The most texts of one call. */
    int batch();

    /** Calls that are useful at one time. */
    int concurrency();

    /**
     * Computes one vector for each text, in order. All have one length, finite numbers, and one that is not zero.
     *
     * @param texts none of them blank, at most {@link #batch()}
     * @throws ModelCallException if the model is wrong or does not answer, after retries
     */
    List<float[]> embed(List<String> texts) throws ModelCallException, InterruptedException;

    /**
     * Makes one short call, without retries, if calls go to a server. A server that is busy passes.
     *
     * @throws ModelCallException if the model is wrong or the server cannot be reached
     */
    default void check() throws ModelCallException, InterruptedException {}

    @Override
    void close();
}

package dev.precept.model;

/** An embedding model that runs in this process. Found by {@link java.util.ServiceLoader}, since not every installation has one. */
public interface EmbeddedModel {
    /**
     * Loads it.
     *
     * @param threads that will call it
     * @throws ModelCallException if this system cannot run it
     */
    EmbeddingModel load(int threads) throws ModelCallException;
}

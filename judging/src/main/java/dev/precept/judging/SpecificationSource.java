package dev.precept.judging;

import dev.precept.spec.Specification;

/** The compiled specifications, by version. Thread-safe. */
public interface SpecificationSource {
    /** The specification of a version. Blocks until it is available. */
    Specification awaitVersion(String version) throws InterruptedException;
}

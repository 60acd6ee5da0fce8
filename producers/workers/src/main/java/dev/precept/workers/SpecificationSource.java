package dev.precept.workers;

import dev.precept.spec.Specification;

/** The compiled specifications, by version. Thread-safe. */
interface SpecificationSource {
    /** The specification of a version. Blocks until it is available. */
    Specification awaitVersion(String version) throws InterruptedException;
}

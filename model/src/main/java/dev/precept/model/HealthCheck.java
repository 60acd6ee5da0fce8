package dev.precept.model;

/** Checks, at no cost, whether an endpoint can be reached. */
@FunctionalInterface
public interface HealthCheck {
    /** Of an endpoint that has none: the first calls after an outage show whether it has ended. */
    HealthCheck NONE = () -> {};

    /** @throws ModelCallException if the endpoint is down */
    void check() throws ModelCallException, InterruptedException;
}

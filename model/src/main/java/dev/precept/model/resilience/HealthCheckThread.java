package dev.precept.model.resilience;

import dev.precept.model.HealthCheck;
import dev.precept.model.ModelCallException;
import org.jspecify.annotations.Nullable;

/** Checks an endpoint on a thread of its own, because calls to other endpoints need not wait for it. */
final class HealthCheckThread {
    private HealthCheckThread() {}

    /** Receives the result of a check. */
    @FunctionalInterface
    interface Listener {
        /** @param failure null if the endpoint is healthy */
        void ended(@Nullable ModelCallException failure);
    }

    static void start(String endpoint, HealthCheck healthCheck, Listener listener) {
        Thread.ofVirtual().name("check-" + endpoint).start(() -> listener.ended(failure(endpoint, healthCheck)));
    }

    private static @Nullable ModelCallException failure(String endpoint, HealthCheck healthCheck) {
        try {
            healthCheck.check();
            return null;
        } catch (ModelCallException failed) {
            return failed;
        } catch (InterruptedException | RuntimeException e) {
            return new ModelCallException.Unavailable(endpoint + " cannot be checked: " + e, e);
        }
    }
}

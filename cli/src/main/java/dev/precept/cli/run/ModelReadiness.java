package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.EndpointCheck;
import dev.precept.model.openai.Readiness;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Waits until the model endpoints of a run are ready. */
public final class ModelReadiness {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final Duration timeout;
    private final PrintStream err;

    public ModelReadiness(Duration timeout, PrintStream err) {
        this.timeout = timeout;
        this.err = err;
    }

    /** No endpoint of a role was ready in time. The same command may succeed later. */
    public static final class ModelUnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        ModelUnavailableException(String message) {
            super(message);
        }
    }

    /**
     * Waits until one endpoint of a role is ready.
     *
     * @throws ConfigurationException if an endpoint is not a chat-completions API, or refuses the key
     * @throws ModelUnavailableException if none is ready in time
     */
    void awaitEndpoint(String role, EndpointSettings settings) throws InterruptedException, ModelUnavailableException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean reported = false;
        while (true) {
            List<String> waiting = new ArrayList<>();
            for (String url : settings.weights().keySet()) {
                probe(role, settings, url).ifPresent(waiting::add);
            }
            if (waiting.size() < settings.weights().size()) {
                waiting.forEach(why -> err.println("note: " + role + ": continues without one endpoint (" + why + ")"));
                return;
            }
            String why = String.join("; ", waiting);
            if (System.nanoTime() >= deadline) {
                throw new ModelUnavailableException(role + ".url: no model is ready (" + why + ") after "
                        + timeout.toSeconds() + " s; start it and run the same command again");
            }
            if (!reported) {
                err.println("waiting for the " + role + " at "
                        + String.join(", ", settings.weights().keySet()) + " (" + why + ")");
                reported = true;
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    /** Why an endpoint is not ready; empty if it is. */
    private Optional<String> probe(String role, EndpointSettings settings, String url) throws InterruptedException {
        return switch (EndpointCheck.check(new Endpoint(url, settings.apiKey()), CHECK_TIMEOUT)) {
            case Readiness.Ready ready -> {
                if (!ready.models().contains(settings.model())) {
                    err.println("note: " + role + ".model: " + url + " does not list '" + settings.model()
                            + "'; it lists " + String.join(", ", ready.models()));
                }
                yield Optional.empty();
            }
            case Readiness.Misconfigured misconfigured ->
                throw new ConfigurationException(role + ".url: " + misconfigured.detail() + "; fix the URL or the key");
            case Readiness.NotReady notReady -> Optional.of(notReady.detail());
        };
    }
}

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

/** Before a run begins: is there a model behind each URL? */
public final class ModelReadiness {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Duration patience;
    private final PrintStream err;

    public ModelReadiness(Duration patience, PrintStream err) {
        this.patience = patience;
        this.err = err;
    }

    /** The model did not come up in time: the same command may find it later. */
    public static final class ModelUnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        ModelUnavailableException(String message) {
            super(message);
        }
    }

    /**
     * Waits until an endpoint of a role answers.
     *
     * @throws ConfigurationException if what answers at one of them is not the API
     * @throws ModelUnavailableException if none answers in time
     */
    void awaitEndpoint(String role, EndpointSettings settings) throws InterruptedException, ModelUnavailableException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            List<String> waiting = new ArrayList<>();
            for (String url : settings.weights().keySet()) {
                probe(role, settings, url).ifPresent(waiting::add);
            }
            if (waiting.size() < settings.weights().size()) {
                waiting.forEach(why -> err.println("note: " + role + ": goes on without one endpoint (" + why + ")"));
                return;
            }
            String why = String.join("; ", waiting);
            if (System.nanoTime() >= deadline) {
                throw new ModelUnavailableException(role + ".url: no model is up (" + why + ") after "
                        + patience.toSeconds() + " s; start it and give the same command again");
            }
            if (!told) {
                err.println("waiting for the " + role + " at "
                        + String.join(", ", settings.weights().keySet()) + " (" + why + ")");
                told = true;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /** Why one endpoint is not up; empty if it is. */
    private Optional<String> probe(String role, EndpointSettings settings, String url) throws InterruptedException {
        return switch (EndpointCheck.check(new Endpoint(url, settings.apiKey()), LOOK)) {
            case Readiness.Ready ready -> {
                if (!ready.models().contains(settings.model())) {
                    err.println("note: " + role + ".model: " + url + " does not list '" + settings.model()
                            + "'; it lists " + String.join(", ", ready.models()));
                }
                yield Optional.empty();
            }
            case Readiness.Misconfigured misconfigured ->
                throw new ConfigurationException(
                        role + ".url: " + misconfigured.detail() + "; mend the URL or the key");
            case Readiness.NotReady notReady -> Optional.of(notReady.detail());
        };
    }
}

package dev.precept.factory;

import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.EndpointCheck;
import dev.precept.model.openai.Readiness;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.workers.EndpointSettings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Objects;

/** Before a run begins: is there a model behind each URL? */
final class ModelWait {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Duration patience;
    private final PrintStream err;

    ModelWait(Duration patience, PrintStream err) {
        this.patience = patience;
        this.err = err;
    }

    /** The model did not come up in time: the same command may find it later. */
    static final class NotUp extends Exception {
        private static final long serialVersionUID = 1L;

        NotUp(String message) {
            super(message);
        }
    }

    /**
     * Waits until the endpoint answers.
     *
     * @throws ConfigurationException if what answers is not the API
     * @throws NotUp if nothing answers in time
     */
    void until(String role, EndpointSettings settings) throws InterruptedException, NotUp {
        Endpoint endpoint = new Endpoint(Objects.requireNonNull(settings.url()), settings.key());
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            switch (EndpointCheck.look(endpoint, LOOK)) {
                case Readiness.Ready ready -> {
                    if (!ready.models().contains(settings.model())) {
                        err.println("note: " + role + ".model: " + endpoint.url() + " does not list '"
                                + settings.model() + "'; it lists " + String.join(", ", ready.models()));
                    }
                    return;
                }
                case Readiness.Wrong wrong ->
                    throw new ConfigurationException(role + ".url: " + wrong.detail() + "; mend the URL or the key");
                case Readiness.Waiting waiting -> {
                    if (System.nanoTime() >= deadline) {
                        throw new NotUp(role + ".url: no model is up (" + waiting.detail() + ") after "
                                + patience.toSeconds() + " s; start it and give the same command again");
                    }
                    if (!told) {
                        err.println(
                                "waiting for the " + role + " at " + endpoint.url() + " (" + waiting.detail() + ")");
                        told = true;
                    }
                    Thread.sleep(BETWEEN_LOOKS);
                }
            }
        }
    }
}

package dev.precept.cli.evaluation;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.openai.EndpointCheck;
import dev.precept.model.openai.Readiness;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Waits until a model answers, at no cost: only its list of models is read, and a gateway may have none. */
public final class EndpointReady {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);

    private EndpointReady() {}

    /**
     * Waits until one endpoint is ready.
     *
     * @param name of the model in messages
     * @return why none is, after the wait; empty if one is
     * @throws ConfigurationException if a host is not known
     */
    public static Optional<String> await(String name, EndpointSettings settings, Duration patience, PrintStream err)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean reported = false;
        while (true) {
            List<String> why = new ArrayList<>();
            for (String url : settings.weights().keySet()) {
                notReady(name, settings, url, err).ifPresent(why::add);
            }
            if (why.size() < settings.weights().size()) {
                return Optional.empty();
            }
            if (System.nanoTime() >= deadline) {
                return Optional.of("the " + name + " is not ready (" + String.join("; ", why) + ") after "
                        + patience.toSeconds() + " s; start it, or correct the URL, and run the same command again");
            }
            if (!reported) {
                err.println("waiting for the " + name + " at " + settings.urls() + " (" + String.join("; ", why) + ")");
                reported = true;
            }
            Thread.sleep(POLL);
        }
    }

    private static Optional<String> notReady(String name, EndpointSettings settings, String url, PrintStream err)
            throws InterruptedException {
        return switch (EndpointCheck.check(settings.endpoint(url), CHECK_TIMEOUT)) {
            case Readiness.Ready(List<String> models) -> {
                if (!models.isEmpty() && !models.contains(settings.model())) {
                    err.println("note: " + url + " does not list '" + settings.model() + "'; it lists "
                            + String.join(", ", models));
                }
                yield Optional.empty();
            }
            case Readiness.UnknownHost(String detail) ->
                throw new ConfigurationException(name + ": " + detail + "; correct the host");
            case Readiness.NotReady(String detail) -> Optional.of(detail);
            // It answers; what the question is answered with decides.
            case Readiness.ListFailed _, Readiness.Misconfigured _ -> Optional.empty();
        };
    }
}

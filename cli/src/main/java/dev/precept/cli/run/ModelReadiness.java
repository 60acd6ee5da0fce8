package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RequestSettings;
import dev.precept.model.Reply;
import dev.precept.model.openai.Acceptance;
import dev.precept.model.openai.Readiness;
import dev.precept.model.openai.RequestEncoding;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Waits until the model endpoints of a run are ready, and finds parameters that they refuse. */
public final class ModelReadiness {
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
     * Waits until one endpoint of a role is ready, then asks each ready one a small question with the parameters of the
     * role.
     *
     * @return the settings with the encodings that the endpoints accepted
     * @throws ConfigurationException if the host of an endpoint is not known, or the endpoint is not a chat-completions API,
     *     or refuses the key or a parameter
     * @throws ModelUnavailableException if none is ready in time
     */
    EndpointSettings awaitEndpoint(RoleCheck check) throws InterruptedException, ModelUnavailableException {
        String section = section(check);
        EndpointSettings settings = check.settings();
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean reported = false;
        while (true) {
            Map<String, String> waiting = new LinkedHashMap<>();
            for (String url : settings.weights().keySet()) {
                notReady(check, url, false).ifPresent(why -> waiting.put(url, why));
            }
            if (waiting.size() == settings.weights().size() && System.nanoTime() >= deadline) {
                for (String url : List.copyOf(waiting.keySet())) {
                    if (check.answersWithoutModels(url)) {
                        waiting.remove(url);
                    }
                }
            }
            String why = String.join("; ", waiting.values());
            if (waiting.size() < settings.weights().size()) {
                waiting.values().forEach(one -> note(section, "continues without one endpoint (" + one + ")"));
                return accepted(check, waiting.keySet());
            }
            if (System.nanoTime() >= deadline) {
                throw new ModelUnavailableException(section + ".url: no model is ready (" + why + ") after "
                        + timeout.toSeconds() + " s; start it, or correct the URL, and run the same command again");
            }
            if (!reported) {
                err.println("waiting for the " + section + " at "
                        + String.join(", ", settings.weights().keySet()) + " (" + why + ")");
                reported = true;
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    /**
     * Asks each endpoint of a role that is ready now, without a wait for the others.
     *
     * @return the settings with the encodings that the endpoints accepted
     * @throws ConfigurationException if an endpoint is not a chat-completions API, or refuses the key or a parameter
     */
    EndpointSettings probe(RoleCheck check) throws InterruptedException {
        Set<String> notReady = new HashSet<>();
        for (String url : check.settings().weights().keySet()) {
            notReady(check, url, true).ifPresent(why -> {
                note(section(check), "starts without a probe of one endpoint (" + why + ")");
                notReady.add(url);
            });
        }
        return accepted(check, notReady);
    }

    private EndpointSettings accepted(RoleCheck check, Set<String> notReady) throws InterruptedException {
        Map<String, RequestEncoding> encodings = new HashMap<>();
        for (String url : check.settings().weights().keySet()) {
            if (!notReady.contains(url)) {
                encoding(check, url).ifPresent(encoding -> encodings.put(url, encoding));
            }
        }
        return check.settings().withAccepted(encodings);
    }

    /** The encoding that an endpoint accepts; empty if it does not answer now. */
    private Optional<RequestEncoding> encoding(RoleCheck check, String url) throws InterruptedException {
        String section = section(check);
        EndpointSettings settings = check.settings();
        return switch (check.ask(url)) {
            case Acceptance.Accepted(RequestEncoding encoding, Reply _) -> {
                List<String> changes = encoding.differences(settings.request().encoding());
                if (!changes.isEmpty()) {
                    note(section, url + " refuses a field of the request: " + String.join("; ", changes));
                }
                yield Optional.of(encoding);
            }
            case Acceptance.Refused(String detail) ->
                throw new ConfigurationException(section + ": " + detail + "; change the parameter in the recipe ("
                        + section + ".request says which fields are sent)");
            case Acceptance.Misconfigured(String detail) ->
                throw new ConfigurationException(section + ".url: " + detail);
            case Acceptance.Unusable(RequestEncoding encoding, String detail) -> {
                if (settings.request().check() == RequestSettings.Check.STOP) {
                    throw new ConfigurationException(section + ": " + detail);
                }
                note(section, detail);
                yield Optional.of(encoding);
            }
            case Acceptance.NotReady(String detail) -> {
                note(section, "starts although its first request failed (" + detail + ")");
                yield Optional.empty();
            }
        };
    }

    /**
     * Why an endpoint is not ready; empty if it is.
     *
     * @param hostMayAppear whether a host that is not known now may be later, as beside workers on Kubernetes
     */
    private Optional<String> notReady(RoleCheck check, String url, boolean hostMayAppear) throws InterruptedException {
        String section = section(check);
        return switch (check.readiness(url)) {
            case Readiness.Ready ready -> {
                check.unlisted(url, ready).ifPresent(what -> note(section, "model: " + what));
                yield Optional.empty();
            }
            case Readiness.Misconfigured misconfigured -> {
                if (!check.answersWithoutModels(url)) {
                    throw new ConfigurationException(
                            section + ".url: " + misconfigured.detail() + "; fix the URL or the key");
                }
                yield Optional.empty();
            }
            case Readiness.UnknownHost(String detail) -> {
                if (!hostMayAppear) {
                    throw new ConfigurationException(section + ".url: " + detail + "; correct the host");
                }
                yield Optional.of(detail);
            }
            case Readiness.ListFailed(String detail) ->
                check.answersWithoutModels(url) ? Optional.empty() : Optional.of(detail);
            case Readiness.NotReady(String detail) -> Optional.of(detail);
        };
    }

    private void note(String section, String text) {
        err.println("note: " + section + ": " + text);
    }

    private static String section(RoleCheck check) {
        return check.role().section(check.settings());
    }
}

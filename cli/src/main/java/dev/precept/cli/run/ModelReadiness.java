package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RequestSettings;
import dev.precept.judging.RoleProbe;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.openai.Acceptance;
import dev.precept.model.openai.EndpointCheck;
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
     * Waits until one endpoint of a role is ready, then asks each ready one a small question with the parameters of the
     * role.
     *
     * @param first as in {@link RoleProbe#ask}
     * @return the settings with the encodings that the endpoints accepted
     * @throws ConfigurationException if the host of an endpoint is not known, or the endpoint is not a chat-completions API,
     *     or refuses the key or a parameter
     * @throws ModelUnavailableException if none is ready in time
     */
    EndpointSettings awaitEndpoint(RoleProbe role, EndpointSettings settings, List<ChatRequest> first)
            throws InterruptedException, ModelUnavailableException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean reported = false;
        while (true) {
            Map<String, String> waiting = new LinkedHashMap<>();
            for (String url : settings.weights().keySet()) {
                check(role, settings, url, first, false).ifPresent(why -> waiting.put(url, why));
            }
            if (waiting.size() == settings.weights().size() && System.nanoTime() >= deadline) {
                for (String url : List.copyOf(waiting.keySet())) {
                    if (answersWithoutModels(role, settings, url, first)) {
                        waiting.remove(url);
                    }
                }
            }
            String why = String.join("; ", waiting.values());
            if (waiting.size() < settings.weights().size()) {
                waiting.values().forEach(one -> note(role, "continues without one endpoint (" + one + ")"));
                return accepted(role, settings, waiting.keySet(), first);
            }
            if (System.nanoTime() >= deadline) {
                throw new ModelUnavailableException(role.section() + ".url: no model is ready (" + why + ") after "
                        + timeout.toSeconds() + " s; start it, or correct the URL, and run the same command again");
            }
            if (!reported) {
                err.println("waiting for the " + role.section() + " at "
                        + String.join(", ", settings.weights().keySet()) + " (" + why + ")");
                reported = true;
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    /**
     * Asks each endpoint of a role that is ready now, without a wait for the others.
     *
     * @param first as in {@link RoleProbe#ask}
     * @return the settings with the encodings that the endpoints accepted
     * @throws ConfigurationException if an endpoint is not a chat-completions API, or refuses the key or a parameter
     */
    EndpointSettings probe(RoleProbe role, EndpointSettings settings, List<ChatRequest> first)
            throws InterruptedException {
        Set<String> notReady = new HashSet<>();
        for (String url : settings.weights().keySet()) {
            check(role, settings, url, first, true).ifPresent(why -> {
                note(role, "starts without a probe of one endpoint (" + why + ")");
                notReady.add(url);
            });
        }
        return accepted(role, settings, notReady, first);
    }

    private EndpointSettings accepted(
            RoleProbe role, EndpointSettings settings, Set<String> notReady, List<ChatRequest> first)
            throws InterruptedException {
        Map<String, RequestEncoding> encodings = new HashMap<>();
        for (String url : settings.weights().keySet()) {
            if (!notReady.contains(url)) {
                ask(role, settings, url, first).ifPresent(encoding -> encodings.put(url, encoding));
            }
        }
        return settings.withAccepted(encodings);
    }

    /** The encoding that an endpoint accepts; empty if it does not answer now. */
    private Optional<RequestEncoding> ask(
            RoleProbe role, EndpointSettings settings, String url, List<ChatRequest> first)
            throws InterruptedException {
        return switch (role.ask(settings, url, first)) {
            case Acceptance.Accepted(RequestEncoding encoding, Reply _) -> {
                List<String> changes = encoding.differences(settings.request().encoding());
                if (!changes.isEmpty()) {
                    note(role, url + " refuses a field of the request: " + String.join("; ", changes));
                }
                yield Optional.of(encoding);
            }
            case Acceptance.Refused(String detail) ->
                throw new ConfigurationException(
                        role.section() + ": " + detail + "; change the parameter in the recipe (" + role.section()
                                + ".request says which fields are sent)");
            case Acceptance.Misconfigured(String detail) ->
                throw new ConfigurationException(role.section() + ".url: " + detail);
            case Acceptance.Unusable(RequestEncoding encoding, String detail) -> {
                if (settings.request().check() == RequestSettings.Check.STOP) {
                    throw new ConfigurationException(role.section() + ": " + detail);
                }
                note(role, detail);
                yield Optional.of(encoding);
            }
            case Acceptance.NotReady(String detail) -> {
                note(role, "starts although its first request failed (" + detail + ")");
                yield Optional.empty();
            }
        };
    }

    /**
     * Why an endpoint is not ready; empty if it is.
     *
     * @param hostMayAppear whether a host that is not known now may be later, as beside workers on Kubernetes
     */
    private Optional<String> check(
            RoleProbe role, EndpointSettings settings, String url, List<ChatRequest> first, boolean hostMayAppear)
            throws InterruptedException {
        return switch (EndpointCheck.check(settings.endpoint(url), CHECK_TIMEOUT)) {
            case Readiness.Ready ready -> {
                unlisted(settings, url, ready).ifPresent(what -> note(role, "model: " + what));
                yield Optional.empty();
            }
            case Readiness.Misconfigured misconfigured -> {
                if (!answersWithoutModels(role, settings, url, first)) {
                    throw new ConfigurationException(
                            role.section() + ".url: " + misconfigured.detail() + "; fix the URL or the key");
                }
                yield Optional.empty();
            }
            case Readiness.UnknownHost(String detail) -> {
                if (!hostMayAppear) {
                    throw new ConfigurationException(role.section() + ".url: " + detail + "; correct the host");
                }
                yield Optional.of(detail);
            }
            case Readiness.NotReady notReady -> Optional.of(notReady.detail());
        };
    }

    /** That an endpoint does not list the model of a role: a gateway may serve it all the same. */
    public static Optional<String> unlisted(EndpointSettings settings, String url, Readiness.Ready ready) {
        if (ready.models().contains(settings.model())) {
            return Optional.empty();
        }
        return Optional.of(url + " does not list '" + settings.model() + "'; it lists "
                + (ready.models().isEmpty() ? "no model" : String.join(", ", ready.models())));
    }

    /** Whether an endpoint answers chat requests, although its list of models is of no use: a gateway may have none. */
    public static boolean answersWithoutModels(
            RoleProbe role, EndpointSettings settings, String url, List<ChatRequest> first)
            throws InterruptedException {
        return switch (role.ask(settings, url, first)) {
            case Acceptance.Accepted _, Acceptance.Unusable _, Acceptance.Refused _ -> true;
            case Acceptance.NotReady _, Acceptance.Misconfigured _ -> false;
        };
    }

    private void note(RoleProbe role, String text) {
        err.println("note: " + role.section() + ": " + text);
    }
}

package dev.precept.cli.run;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RoleProbe;
import dev.precept.model.ChatRequest;
import dev.precept.model.openai.Acceptance;
import dev.precept.model.openai.EndpointCheck;
import dev.precept.model.openai.Readiness;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check of the endpoints of one role. A question is paid, so each endpoint answers it once. */
public final class RoleCheck {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final RoleProbe role;
    private final EndpointSettings settings;
    private final List<ChatRequest> first;
    private final Map<String, Acceptance> answers = new HashMap<>();

    /** @param first as in {@link RoleProbe#ask} */
    public RoleCheck(RoleProbe role, EndpointSettings settings, List<ChatRequest> first) {
        this.role = role;
        this.settings = settings;
        this.first = List.copyOf(first);
    }

    public RoleProbe role() {
        return role;
    }

    public EndpointSettings settings() {
        return settings;
    }

    /** Whether an endpoint answers now, at no cost. */
    public Readiness readiness(String url) throws InterruptedException {
        return EndpointCheck.check(settings.endpoint(url), CHECK_TIMEOUT);
    }

    /** As {@link RoleProbe#ask}; an endpoint that has answered is not asked again. */
    public Acceptance ask(String url) throws InterruptedException {
        Acceptance known = answers.get(url);
        if (known != null) {
            return known;
        }
        Acceptance acceptance = role.ask(settings, url, first);
        if (isAnswer(acceptance)) {
            answers.put(url, acceptance);
        }
        return acceptance;
    }

    /** Whether an endpoint answers the question, although its list of models is of no use: a gateway may have none. */
    public boolean answersWithoutModels(String url) throws InterruptedException {
        return isAnswer(ask(url));
    }

    private static boolean isAnswer(Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Accepted _, Acceptance.Unusable _, Acceptance.Refused _ -> true;
            case Acceptance.NotReady _, Acceptance.Misconfigured _ -> false;
        };
    }

    /** That an endpoint does not list the model of the role: a gateway may serve it all the same. */
    public Optional<String> unlisted(String url, Readiness.Ready ready) {
        if (ready.models().contains(settings.model())) {
            return Optional.empty();
        }
        return Optional.of(url + " does not list '" + settings.model() + "'; it lists "
                + (ready.models().isEmpty() ? "no model" : String.join(", ", ready.models())));
    }
}

package dev.precept.reward;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.runtime.http.WebHandler;
import dev.precept.runtime.http.WebHead;
import dev.precept.runtime.http.WebReply;
import dev.precept.runtime.metrics.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes of the service, and beside them its health and metrics. */
final class RewardHandler implements WebHandler {
    private static final String PATHS = """
            POST /slime       a number             slime, --rm-type remote_rm
            POST /get_reward  {"rewards": [...]}   OpenRLHF, --reward.remote_url
            POST /score       {"score": ...}       verl and SkyRL, through trainers/precept_reward.py
            POST /verify      {..., "reward": ...} NeMo Gym, from a resources server
            POST /reward      score, criteria, reason and style
            GET  /live  /ready  /started  /metrics
            """;

    private final Map<String, Route> routes = Route.all();
    private final RewardJudge judge;
    private final Health health;
    private final Supplier<String> scrape;
    private final @Nullable AccessToken token;
    private final RewardMetrics metrics;

    /** @param token null if the service is open, which only the loopback interface may be */
    RewardHandler(
            RewardJudge judge,
            Health health,
            Supplier<String> scrape,
            @Nullable AccessToken token,
            RewardMetrics metrics) {
        this.judge = judge;
        this.health = health;
        this.scrape = scrape;
        this.token = token;
        this.metrics = metrics;
    }

    /** Probes bring no token. */
    @Override
    public Optional<WebReply> refuse(WebHead head) {
        Optional<WebReply> probe = probe(head);
        if (probe.isPresent()) {
            return probe;
        }
        AccessToken required = token;
        if (required != null) {
            switch (required.check(head)) {
                case VALID -> {}
                case MISSING -> {
                    return Optional.of(failed(401, "a token is required: Authorization: Bearer TOKEN")
                            .with("WWW-Authenticate", "Bearer"));
                }
                case WRONG -> {
                    return Optional.of(failed(403, "the token is wrong"));
                }
            }
        }
        if (head.path().equals("/metrics")) {
            return Optional.of(WebReply.text(200, scrape.get()));
        }
        if (head.path().equals("/")) {
            return Optional.of(WebReply.text(200, PATHS));
        }
        if (!routes.containsKey(head.path())) {
            return Optional.of(failed(
                    404,
                    "there is no " + printable(head.path()) + "; the routes are " + String.join(", ", routeNames())));
        }
        return head.method().equals("POST")
                ? Optional.empty()
                : Optional.of(failed(405, head.path() + " takes POST").with("Allow", "POST"));
    }

    private List<String> routeNames() {
        return routes.keySet().stream().sorted().toList();
    }

    private static String printable(String path) {
        String shown = path.replaceAll("[^\\x21-\\x7e]", "?");
        return shown.length() > 80 ? shown.substring(0, 80) + "..." : shown;
    }

    private Optional<WebReply> probe(WebHead head) {
        return switch (head.path()) {
            case "/live" -> Optional.of(probe(health.livenessProblem()));
            case "/ready" -> Optional.of(probe(health.readinessProblem()));
            case "/started" -> Optional.of(probe(Optional.empty()));
            default -> Optional.empty();
        };
    }

    private static WebReply probe(Optional<String> problem) {
        return WebReply.text(problem.isEmpty() ? 200 : 503, problem.orElse("ok") + "\n");
    }

    @Override
    public WebReply handle(WebHead head, byte[] body) throws InterruptedException {
        Route route = routes.get(head.path());
        if (route == null) {
            throw new IllegalStateException("refused before");
        }
        WebReply reply = reply(route, body, head.arrived());
        metrics.request(head.path(), reply.status(), Duration.ofNanos(System.nanoTime() - head.arrived()));
        return reply;
    }

    private WebReply reply(Route route, byte[] bytes, long arrived) throws InterruptedException {
        try {
            ObjectNode body = RequestJson.object(bytes);
            List<RewardSample> samples = route.samples(body);
            try {
                return WebReply.json(
                        200, route.reply(body, judge.rewards(samples, arrived)).toString());
            } catch (NoRewardException e) {
                return WebReply.json(503, route.missing(body, e).toString())
                        .with(
                                "Retry-After",
                                String.valueOf(e.reason().retryAfter().toSeconds()));
            }
        } catch (BadRequestException e) {
            return failed(400, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public WebReply failed(int status, String problem) {
        WebReply reply = WebReply.json(
                status,
                RequestJson.MAPPER.createObjectNode().put("error", problem).toString());
        return status == 503 ? reply.with("Retry-After", "5") : reply;
    }
}

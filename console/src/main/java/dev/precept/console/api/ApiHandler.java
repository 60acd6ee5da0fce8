package dev.precept.console.api;

import dev.precept.config.ConfigurationException;
import dev.precept.runtime.http.WebHandler;
import dev.precept.runtime.http.WebHead;
import dev.precept.runtime.http.WebReply;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of the console: the files of the page, and the routes of the interface. Thread-safe. */
public final class ApiHandler implements WebHandler {
    private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int FORBIDDEN = 403;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;
    private static final int MOST_SHOWN = 80;
    private static final String API = "/api/";

    private final List<Route> routes;
    private final AccessCheck access;
    private final boolean readOnly;

    /**
     * @param readOnly whether every operation that changes something is refused
     * @param secure whether the console is reached by TLS
     */
    public ApiHandler(List<Route> routes, Optional<ConsoleToken> token, boolean readOnly, boolean secure) {
        this.routes = List.copyOf(routes);
        this.access = new AccessCheck(token, secure);
        this.readOnly = readOnly;
    }

    /** A route with the values of the names in its path. */
    private record Found(Route route, Map<String, String> values) {}

    @Override
    public Optional<WebReply> refuse(WebHead head) {
        return refused(head).map(ApiHandler::guarded);
    }

    private Optional<WebReply> refused(WebHead head) {
        try {
            if (head.path().equals("/live")
                    || head.path().equals("/ready")
                    || head.path().equals("/started")) {
                return Optional.of(WebReply.text(200, "ok\n"));
            }
            Optional<WebReply> refused = access.refuse(head);
            if (refused.isPresent()) {
                return refused;
            }
            return head.path().startsWith(API) ? refusedApi(head) : Optional.of(file(head));
        } catch (ApiException e) {
            return Optional.of(e.reply());
        }
    }

    private WebReply file(WebHead head) {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            return ApiReply.problem(METHOD_NOT_ALLOWED, "not allowed", "the page is read with GET")
                    .with("Allow", "GET");
        }
        return PageFiles.read(head.path())
                .orElseGet(
                        () -> ApiReply.problem(NOT_FOUND, "not found", "there is no page " + printable(head.path())));
    }

    private Optional<WebReply> refusedApi(WebHead head) {
        List<Found> found = find(head.path());
        if (found.isEmpty()) {
            return Optional.of(ApiReply.problem(
                    NOT_FOUND, "not found", "there is no " + printable(head.path()) + "; see /api/openapi.json"));
        }
        Optional<Found> one = found.stream()
                .filter(each -> each.route.method().equals(head.method()))
                .findFirst();
        if (one.isEmpty()) {
            String allowed = found.getFirst().route.method();
            return Optional.of(ApiReply.problem(METHOD_NOT_ALLOWED, "not allowed", "it takes " + allowed)
                    .with("Allow", allowed));
        }
        if (one.get().route.changes()) {
            if (readOnly) {
                return Optional.of(ApiReply.problem(FORBIDDEN, "not allowed", "this console is read-only"));
            }
            if (!head.header("x-precept").filter("1"::equals).isPresent()) {
                return Optional.of(
                        ApiReply.problem(BAD_REQUEST, "bad request", "send the header 'x-precept: 1' with a change"));
            }
        }
        return Optional.empty();
    }

    private List<Found> find(String path) {
        List<String> segments = List.of(path.substring(1).split("/", -1));
        List<Found> found = new ArrayList<>();
        for (Route route : routes) {
            route.match(segments).ifPresent(values -> found.add(new Found(route, values)));
        }
        return found;
    }

    @Override
    public WebReply handle(WebHead head, byte[] body) throws InterruptedException {
        return guarded(answer(head, body));
    }

    private WebReply answer(WebHead head, byte[] body) throws InterruptedException {
        Found found = find(head.path()).stream()
                .filter(each -> each.route.method().equals(head.method()))
                .findFirst()
                .orElseThrow();
        try {
            return found.route
                    .handler()
                    .answer(new ApiRequest(new TreeMap<>(found.values), QueryText.parse(head.query()), body));
        } catch (ApiException e) {
            return e.reply();
        } catch (ConfigurationException e) {
            return ApiReply.problem(BAD_REQUEST, "bad request", String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            return storeFailed(head, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            return storeFailed(head, e);
        }
    }

    private static WebReply storeFailed(WebHead head, IOException e) {
        log.atWarn().setCause(e).addKeyValue("path", head.path()).log("request failed");
        return e instanceof StoreException.Unavailable
                ? ApiReply.problem(UNAVAILABLE, "not available", String.valueOf(e.getMessage()))
                : ApiReply.problem(FAILED, "failed", String.valueOf(e.getMessage()));
    }

    @Override
    public WebReply failed(int status, String problem) {
        return guarded(ApiReply.problem(status, "failed", problem));
    }

    private static WebReply guarded(WebReply reply) {
        WebReply guarded = reply;
        for (Map.Entry<String, String> header : AccessCheck.HEADERS) {
            guarded = guarded.with(header.getKey(), header.getValue());
        }
        return guarded;
    }

    private static String printable(String path) {
        String shown = path.replaceAll("[^\\x21-\\x7e]", "?");
        return shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "..." : shown;
    }
}

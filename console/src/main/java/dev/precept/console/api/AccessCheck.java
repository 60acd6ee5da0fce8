package dev.precept.console.api;

import dev.precept.runtime.http.WebHead;
import dev.precept.runtime.http.WebReply;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use the console. Pages of other sites may not: a name that resolves to this machine is refused by its host, and a
 * form or script of another site by its origin.
 */
final class AccessCheck {
    static final String COOKIE = "precept_console";

    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int SEE_OTHER = 303;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Optional<ConsoleToken> token;
    private final boolean secure;

    /** @param secure whether the console is reached by TLS */
    AccessCheck(Optional<ConsoleToken> token, boolean secure) {
        this.token = token;
        this.secure = secure;
    }

    /** Why a request is refused, as its answer; empty if it is allowed. */
    Optional<WebReply> refuse(WebHead head) throws ApiException {
        String host = head.header("Host").orElse("");
        if (token.isEmpty() && !LOOPBACK.contains(name(host))) {
            return Optional.of(ApiReply.problem(
                    FORBIDDEN, "not allowed", "this console answers as localhost only; open it by that name"));
        }
        Optional<String> origin = head.header("Origin");
        if (origin.isPresent() && !authority(origin.get()).equals(host)) {
            return Optional.of(ApiReply.problem(FORBIDDEN, "not allowed", "another site may not use the console"));
        }
        if (head.header("Sec-Fetch-Site").filter("cross-site"::equals).isPresent()
                && !head.header("Sec-Fetch-Mode").filter("navigate"::equals).isPresent()) {
            return Optional.of(ApiReply.problem(FORBIDDEN, "not allowed", "another site may not use the console"));
        }
        return token.isEmpty() ? Optional.empty() : unauthorized(token.get(), head);
    }

    private Optional<WebReply> unauthorized(ConsoleToken required, WebHead head) throws ApiException {
        if (head.path().equals("/") && head.method().equals("GET")) {
            String given = QueryText.parse(head.query()).get("token");
            if (given != null && required.matches(given)) {
                String attributes = "; Path=/; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
                return Optional.of(new WebReply(SEE_OTHER, "text/plain; charset=utf-8", new byte[0], Map.of())
                        .with("Location", "./")
                        .with("Set-Cookie", COOKIE + "=" + required.cookie() + attributes));
            }
        }
        return required.isIn(head)
                ? Optional.empty()
                : Optional.of(ApiReply.problem(
                                UNAUTHORIZED,
                                "a token is required",
                                "Open /?token=TOKEN once in this browser, or send 'Authorization: Bearer TOKEN'.")
                        .with("WWW-Authenticate", "Bearer"));
    }

    /** Without the port. */
    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String authority(String origin) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The headers of every answer. */
    static final List<Map.Entry<String, String>> HEADERS = List.of(
            Map.entry(
                    "Content-Security-Policy",
                    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"),
            Map.entry("Referrer-Policy", "no-referrer"),
            Map.entry("X-Frame-Options", "DENY"),
            Map.entry("Cross-Origin-Resource-Policy", "same-origin"),
            Map.entry("Cross-Origin-Opener-Policy", "same-origin"),
            Map.entry("Cache-Control", "no-store"));
}

package dev.precept.model.openai;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Selects the proxy that {@code HTTPS_PROXY} or {@code HTTP_PROXY} names, in upper or lower case, unless {@code NO_PROXY}
 * or the loopback interface excludes the host. Without these variables, the system properties of Java apply.
 */
final class EnvironmentProxies extends ProxySelector {
    private static final Logger log = LoggerFactory.getLogger(EnvironmentProxies.class);

    /** For the environment of this process. */
    static final ProxySelector SELECTOR = of(System.getenv());

    private final @Nullable Proxy http;
    private final @Nullable Proxy https;
    private final List<String> excluded;

    private EnvironmentProxies(@Nullable Proxy http, @Nullable Proxy https, List<String> excluded) {
        this.http = http;
        this.https = https;
        this.excluded = excluded;
    }

    static ProxySelector of(Map<String, String> environment) {
        Proxy http = proxy("HTTP_PROXY", environment);
        Proxy https = proxy("HTTPS_PROXY", environment);
        if (http == null && https == null) {
            return ProxySelector.getDefault();
        }
        List<String> excluded = List.of(variable("NO_PROXY", environment)
                .toLowerCase(Locale.ROOT)
                .strip()
                .split("[,\\s]+"));
        return new EnvironmentProxies(http, https, excluded);
    }

    private static String variable(String name, Map<String, String> environment) {
        String lower = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        return lower.isBlank() ? environment.getOrDefault(name, "") : lower;
    }

    private static @Nullable Proxy proxy(String name, Map<String, String> environment) {
        String value = variable(name, environment).strip();
        if (value.isEmpty()) {
            return null;
        }
        try {
            URI uri = URI.create(value.contains("://") ? value : "http://" + value);
            if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme()) && uri.getUserInfo() == null) {
                int port = uri.getPort() < 0 ? 80 : uri.getPort();
                return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
            }
        } catch (IllegalArgumentException malformed) {
            log.atDebug().setCause(malformed).log("malformed proxy variable");
        }
        // The value may hold a password.
        log.atWarn()
                .addKeyValue("variable", name)
                .log("proxy variable is not http://host:port without a user; ignored");
        return null;
    }

    @Override
    public List<Proxy> select(URI uri) {
        Proxy proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        return List.of(proxy == null || isDirect(host) ? Proxy.NO_PROXY : proxy);
    }

    private boolean isDirect(String host) {
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
            return true;
        }
        return excluded.stream().anyMatch(pattern -> matches(host, pattern));
    }

    /** A pattern is {@code *}, a host, or a domain with or without a leading dot or {@code *.}. */
    private static boolean matches(String host, String pattern) {
        String domain = pattern.replaceFirst("^\\*?\\.", "");
        return pattern.equals("*") || (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain)));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        log.atDebug().setCause(failure).addKeyValue("uri", uri).log("proxy is unreachable");
    }
}

package dev.precept.model.openai;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.Unavailable;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Explains why no response came: the host, its certificate or the proxy before it. */
final class ConnectionFailure {
    /** What the JDK's client says when a proxy refuses CONNECT. */
    private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    private static final int SERVER_ERROR = 500;

    private ConnectionFailure() {}

    /**
     * @param proxy to which the request was sent; empty for the host itself
     * @param cause an {@link Error} is thrown as it is
     */
    static ModelCallException explain(URI uri, Optional<InetSocketAddress> proxy, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (isCause(cause, CertificateException.class) || isCause(cause, CertPathBuilderException.class)) {
            return new Misconfigured(uri + " has a certificate that is not trusted: add its CA to a trust store"
                    + " and set PRECEPT_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE");
        }
        if (isCause(cause, UnresolvedAddressException.class)) {
            String host =
                    proxy.map(at -> "of the proxy, " + at.getHostString() + ",").orElse(uri.getHost());
            return new Unavailable(uri + " is unreachable: the host " + host + " is not known", cause);
        }
        Matcher refused = TUNNEL.matcher(String.valueOf(cause.getMessage()));
        if (refused.find()) {
            return refused(uri, name(proxy), Integer.parseInt(refused.group(1)), cause);
        }
        if (isSilent(cause)) {
            return new Unavailable(uri + " is unreachable: the connection was closed without an answer", cause);
        }
        String reason = cause instanceof ConnectException
                ? "no connection" + (proxy.isPresent() ? " to the proxy " + name(proxy) : "")
                : cause.getClass().getSimpleName();
        String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new Unavailable(uri + " is unreachable: " + reason + detail, cause);
    }

    /** Whether the connection was closed before the first byte of a response. */
    static boolean isSilent(@Nullable Throwable cause) {
        return cause != null && String.valueOf(cause.getMessage()).contains("received no bytes");
    }

    private static ModelCallException refused(URI uri, String proxy, int status, Throwable cause) {
        String what = uri + " is unreachable: the proxy " + proxy + " answered " + status;
        return status < SERVER_ERROR
                ? new Misconfigured(what + ": allow the host there, or exclude it by NO_PROXY")
                : new Unavailable(what, cause);
    }

    /** Host and port. */
    static String name(Optional<InetSocketAddress> proxy) {
        return proxy.map(at -> String.format(Locale.ROOT, "%s:%d", at.getHostString(), at.getPort()))
                .orElse("");
    }

    private static boolean isCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}

package dev.precept.runtime.http;

import dev.precept.config.ConfigurationException;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** An HTTP/1.1 server: a virtual thread for each request, a limit of the body, and TLS where files are given. */
public final class WebServer implements AutoCloseable {
    private static final int HEADER_BYTES = 16 << 10;
    /** A trainer opens hundreds of connections at once: of those beyond the system's default of 50 some never arrive. */
    private static final int ACCEPT_QUEUE = 4_096;

    private final Server server;
    private final ServerConnector connector;
    private final Settings settings;

    /**
     * How to listen.
     *
     * @param host the interface
     * @param port 0 for any free one
     * @param maxBody bytes; a longer body is refused with 413
     * @param longestHandling of a request; a connection that is silent for longer than this and {@value #SILENCE_SECONDS} s more is closed
     * @param drain how long requests in flight may take once the server stops
     * @param portName the key or flag that sets the port, for messages
     */
    public record Settings(
            String host,
            int port,
            Optional<TlsFiles> tls,
            int maxBody,
            Duration longestHandling,
            Duration drain,
            String portName) {}

    private static final int SILENCE_SECONDS = 30;

    private final JettyHandler requests;

    private WebServer(Server server, ServerConnector connector, JettyHandler requests, Settings settings) {
        this.server = server;
        this.connector = connector;
        this.requests = requests;
        this.settings = settings;
    }

    /**
     * Starts a server.
     *
     * @throws ConfigurationException if the address cannot be listened on, or the files of TLS are of no use
     */
    public static WebServer open(Settings settings, WebHandler handler) {
        VirtualThreadPool threads = new VirtualThreadPool();
        threads.setName("http");
        threads.setMaxConcurrentTasks(0); // no limit: the default of 200 lets requests wait unread
        Server server = new Server(threads);
        ServerConnector connector = connector(server, settings);
        connector.setHost(settings.host);
        connector.setPort(settings.port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(
                settings.longestHandling.plusSeconds(SILENCE_SECONDS).toMillis());
        server.setConnectors(new Connector[] {connector});
        JettyHandler requests = new JettyHandler(handler, settings.maxBody);
        server.setHandler(requests);
        // What Jetty itself refuses, such as a path of several meanings: its own page would be HTML.
        server.setErrorHandler((request, response, callback) -> {
            JettyHandler.write(handler.failed(response.getStatus(), "the request is malformed"), response, callback);
            return true;
        });
        server.setStopTimeout(0); // it would wait for idle connections too
        try {
            server.start();
            return new WebServer(server, connector, requests, settings);
        } catch (Exception e) {
            stop(server);
            throw cannotOpen(settings, e);
        }
    }

    private static RuntimeException cannotOpen(Settings settings, Exception e) {
        Throwable unopened = null;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException configuration) {
                return configuration;
            }
            if (cause instanceof IOException) {
                unopened = cause; // the innermost: Jetty's own says only that it failed
            }
        }
        String address = settings.host + ":" + settings.port;
        if (unopened == null) {
            return new IllegalStateException("cannot start the server at " + address, e);
        }
        return new ConfigurationException(settings.portName + ": " + address
                + (isInUse(unopened)
                        ? " is in use; choose another port, or 0 for any free one"
                        : " cannot be opened (" + unopened.getMessage()
                                + "); choose another port, or another address of" + " this machine"));
    }

    /** Other addresses are those of another machine, or ports that this user may not open. */
    private static boolean isInUse(Throwable problem) {
        return problem instanceof BindException
                && String.valueOf(problem.getMessage()).contains("in use");
    }

    private static ServerConnector connector(Server server, Settings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        if (settings.tls.isEmpty()) {
            return new ServerConnector(server, new HttpConnectionFactory(http));
        }
        // A client may address the server by a name that the certificate does not have; its own check decides.
        http.addCustomizer(new SecureRequestCustomizer(false));
        String password = UUID.randomUUID().toString(); // of a store in memory
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(settings.tls.get().keyStore(password.toCharArray()));
        tls.setKeyStorePassword(password);
        tls.setSniRequired(false);
        return new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
    }

    /** The address that it listens on. */
    public String url() {
        String host = settings.host.contains(":") ? "[" + settings.host + "]" : settings.host;
        return (settings.tls.isPresent() ? "https://" : "http://") + host + ":" + connector.getLocalPort();
    }

    /** Accepts no more connections, waits for the requests in flight as long as the drain allows, and stops. */
    @Override
    public void close() {
        connector.close();
        try {
            requests.awaitIdle(settings.drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop the server", e);
        }
    }
}

package dev.precept.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A proxy that presents an expired certificate until it is switched to forward to the broker. */
final class TlsProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final SSLContext old;
    private final URI broker;
    private volatile boolean forwarding;

    private TlsProxy(ServerSocket listening, SSLContext old, URI broker) {
        this.listening = listening;
        this.old = old;
        this.broker = broker;
    }

    /** @param store PKCS12 key store */
    static TlsProxy before(String broker, Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        TlsProxy gate = new TlsProxy(
                new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), context, URI.create("tcp://" + broker));
        Thread.ofVirtual().name("tls-gate").start(gate::accept);
        return gate;
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    void startForwarding() {
        forwarding = true;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (forwarding) {
                pass(socket);
                return;
            }
            try (SSLSocket tls = (SSLSocket) old.getSocketFactory().createSocket(socket, "127.0.0.1", 0, true)) {
                tls.setUseClientMode(false);
                tls.startHandshake();
                tls.getInputStream().readAllBytes();
            }
        } catch (IOException turnedAway) {
            return; // expected
        }
    }

    private void pass(Socket socket) throws IOException {
        try (Socket behind = new Socket()) {
            behind.connect(new InetSocketAddress(broker.getHost(), broker.getPort()));
            Thread back = Thread.ofVirtual().start(() -> copy(behind, socket));
            copy(socket, behind);
            back.interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            return; // one end closed the connection
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}

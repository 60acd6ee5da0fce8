package dev.precept.model.openai;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A server on a real socket that reads one request for each connection and then runs a script. */
final class ScriptedServer implements AutoCloseable {
    /** Runs after the request is read; the connection is closed afterwards. */
    interface Script {
        void play(Socket socket) throws IOException;
    }

    record Request(String head, String body) {}

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private ScriptedServer(Script script) throws IOException {
        executor.execute(() -> {
            while (!listener.isClosed()) {
                accept(script);
            }
        });
    }

    static ScriptedServer playing(Script script) throws IOException {
        return new ScriptedServer(script);
    }

    static ScriptedServer answering(int status, String headers, byte[] body) throws IOException {
        return playing(socket -> respond(socket, status, headers, body));
    }

    static ScriptedServer answering(int status, String headers, String body) throws IOException {
        return answering(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static ScriptedServer answering(String json) throws IOException {
        return answering(200, "Content-Type: application/json\r\n", json);
    }

    static void respond(Socket socket, int status, String headers, byte[] body) throws IOException {
        head(socket.getOutputStream(), status, headers + "Content-Length: " + body.length + "\r\n");
        socket.getOutputStream().write(body);
    }

    static void head(OutputStream out, int status, String headers) throws IOException {
        String head = "HTTP/1.1 " + status + " Scripted\r\nConnection: close\r\n" + headers + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** Host and port. */
    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    Request received() throws InterruptedException {
        return requests.take();
    }

    private void accept(Script script) {
        try {
            Socket socket = listener.accept();
            executor.execute(() -> serve(socket, script));
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            requests.add(read(new BufferedInputStream(socket.getInputStream())));
            script.play(socket);
        } catch (IOException gone) {
            return;
        }
    }

    private static Request read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line).append('\n');
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return new Request(head.toString(), new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        executor.shutdownNow();
    }
}

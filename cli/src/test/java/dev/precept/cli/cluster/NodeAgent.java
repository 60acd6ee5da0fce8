package dev.precept.cli.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * The part of the node inside its network: asks probes as a kubelet does, and forwards the addresses of Services as
 * kube-proxy does. Reads lines {@code ID COMMAND ARGUMENTS} from standard input, answers {@code ID RESULT} in any order, and
 * ends with its input.
 */
final class NodeAgent {
    private final HttpClient client;

    private NodeAgent(HttpClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            NodeAgent agent = new NodeAgent(client);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                Thread.ofVirtual().start(() -> System.out.println(words[0] + " " + agent.answer(words)));
            }
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private String answer(String[] words) {
        try {
            return switch (words[1]) {
                case "http" -> http(words[2], words[3], words[4], words[5]);
                case "tcp" -> tcp(words[2], Integer.parseInt(words[3]), words[4]);
                case "forward" -> forward(words[2], Integer.parseInt(words[3]), words[4], Integer.parseInt(words[5]));
                case "scram" -> scram(words[2], words[3], words[4]);
                default -> "unknown command";
            };
        } catch (IOException | ExecutionException e) {
            return "failed " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed interrupted";
        }
    }

    private String http(String host, String port, String path, String seconds)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .timeout(Duration.ofSeconds(Long.parseLong(seconds)))
                .build();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        return (status >= 200 && status < 400 ? "ok " : "failed ") + status;
    }

    private static String tcp(String host, int port, String seconds) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Integer.parseInt(seconds) * 1000);
            return "ok";
        }
    }

    /** Creates a SCRAM user, as Strimzi's user operator does. */
    private static String scram(String bootstrap, String user, String password)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, info, password)))
                    .all()
                    .get();
            return "ok";
        }
    }

    private static String forward(String host, int port, String to, int toPort) throws IOException {
        ServerSocket server = new ServerSocket(port, 128, InetAddress.getByName(host));
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    Socket from = server.accept();
                    Thread.ofVirtual().start(() -> connect(from, to, toPort));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        return "ok";
    }

    private static void connect(Socket from, String to, int port) {
        try (from;
                Socket target = new Socket(to, port)) {
            Thread back = Thread.ofVirtual().start(() -> copy(target, from));
            copy(from, target);
            back.join();
        } catch (IOException e) {
            // Refused by the pod: closing the connection is what kube-proxy's client sees.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            input.transferTo(output);
            to.shutdownOutput();
        } catch (IOException e) {
            // One side has closed the connection; the other copy ends too.
        }
    }
}

package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.kafka.Grants;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Substrate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The roles of a pipeline as separate processes, with arguments, environment and recipe of the production overlay. Folders
 * of each process replace {@code /etc/precept} and {@code /var/lib/precept}; the recipe has the addresses of this machine.
 */
final class RoleProcesses {
    private static final String MOUNTS = "/etc/precept";
    private static final String VOLUME = "/var/lib/precept";
    private static final String NONCE = "7f".repeat(32);

    private final Path folder;
    private final SecureCluster cluster;
    private final String registry;
    private final PodManifests manifests;
    private final Path specification;
    private final Consumer<ObjectNode> here;
    private int started;

    /**
     * @param specification the specification folder that pods have mounted
     * @param here writes the addresses of this machine into the recipe
     */
    RoleProcesses(
            Path folder, SecureCluster cluster, Substrate substrate, Path specification, Consumer<ObjectNode> here)
            throws IOException {
        this.folder = folder;
        this.cluster = cluster;
        this.registry = substrate.registry(folder);
        this.specification = specification;
        this.here = here;
        this.manifests = PodManifests.rendered(Path.of(System.getProperty("precept.root", ".")));
    }

    /** A running role and the port of its health page. */
    record Pod(Grants.Role role, Jvm jvm, int port) implements AutoCloseable {
        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            try (HttpClient client = HttpClient.newHttpClient()) {
                return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            }
        }

        /** The text of the readiness page; empty while no server listens. */
        String readiness() {
            try {
                return get("/ready").body().strip();
            } catch (IOException e) {
                return ""; // not listening yet
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        }

        boolean ready() {
            return readiness().equals("ok");
        }

        @Override
        public void close() {
            jvm.close();
        }
    }

    PodManifests.Pod manifest(Grants.Role role) {
        return manifests.of(role);
    }

    /** The mounted recipe of a role. */
    Path recipe(Grants.Role role) throws IOException {
        ObjectNode recipe = (ObjectNode) manifests.recipe();
        recipe.putObject("metrics").put("host", "127.0.0.1").put("port", 8081);
        ((ObjectNode) recipe.path("kafka"))
                .put("bootstrap.servers", cluster.address())
                .put("schema.registry.url", registry);
        recipe.putObject("s3").put("region", "us-east-1");
        here.accept(recipe);
        Path mounted = cluster.mounted(role);
        copySpecification(mounted.resolve("spec"));
        Path file = mounted.resolve("recipe.yaml");
        Files.writeString(file, PodManifests.yaml(recipe).replace(MOUNTS, mounted.toString()));
        return file;
    }

    private void copySpecification(Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(specification)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    /** The persistent volume of a role. */
    Path volume(Grants.Role role) {
        return folder.resolve("volumes").resolve(SecureCluster.name(role));
    }

    /** Starts the first pod of a role. */
    Pod start(Grants.Role role, Map<String, String> more) throws IOException {
        int port = freePort();
        Path mounted = cluster.mounted(role);
        write(mounted.resolve("nonce/secret"), NONCE);
        write(mounted.resolve("model/api-key"), "planted-api-key");
        recipe(role);
        PodManifests.Pod pod = manifests.of(role);
        Map<String, String> environment = new HashMap<>();
        pod.environment().forEach((name, value) -> environment.put(name, here(role, value)));
        environment.put("PRECEPT_SET_metrics__port", String.valueOf(port));
        environment.putAll(more);
        List<String> arguments =
                pod.arguments().stream().map(argument -> here(role, argument)).toList();
        Files.createDirectories(volume(role));
        started++;
        Jvm jvm = Jvm.start(
                new Jvm.Launch(Precept.class.getName(), arguments, "384m", environment, folder),
                folder.resolve("output-" + SecureCluster.name(role) + "-" + started + ".txt"));
        return new Pod(role, jvm, port);
    }

    private String here(Grants.Role role, String text) {
        return text.replace(MOUNTS, cluster.mounted(role).toString())
                .replace(VOLUME, volume(role).toString());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The output of all processes. */
    String output() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".txt"))
                    .toList()) {
                all.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return String.join("\n", all);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

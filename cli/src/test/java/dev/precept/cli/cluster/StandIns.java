package dev.precept.cli.cluster;

import static dev.precept.cli.cluster.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the overlays {@code production} and {@code existing-kafka} expect beside them, from the pods of {@code local}: a
 * broker with TLS and SCRAM for Strimzi's, a bucket, and the mock model.
 */
final class StandIns {
    static final String BUCKET = "precept-datasets";
    /** Of the first workload of a cluster. */
    private static final String ADDRESS = "10.244.0.10";

    private static final String PASSWORD = "planted-store-password";
    private static final List<String> USERS = List.of("prompts", "generator", "judge", "streams", "sink", "admin");

    private final Manifests local;

    StandIns(Manifests local) {
        this.local = local;
    }

    /** A pod of the local overlay and its Service under other names, with other variables and files. */
    List<JsonNode> copy(String workload, String service, List<String> serviceNames, Map<String, String> variables) {
        List<JsonNode> documents = new ArrayList<>();
        ObjectNode copy = local.workload(workload).deepCopy();
        Map<String, String> left = new LinkedHashMap<>(variables);
        elements(copy.at("/spec/template/spec/containers/0/env")).forEach(one -> {
            String value = left.remove(one.path("name").asText());
            if (value != null) {
                ((ObjectNode) one)
                        .removeAll()
                        .put("name", name(variables, value))
                        .put("value", value);
            }
        });
        left.forEach((name, value) -> copy.withArray("/spec/template/spec/containers/0/env")
                .addObject()
                .put("name", name)
                .put("value", value));
        documents.add(copy);
        for (String name : serviceNames) {
            ObjectNode other = local.ofKind("Service")
                    .filter(document -> Manifests.name(document).equals(service))
                    .findFirst()
                    .orElseThrow()
                    .deepCopy();
            ((ObjectNode) other.path("metadata")).put("name", name);
            documents.add(other);
        }
        return documents;
    }

    private static String name(Map<String, String> variables, String value) {
        return variables.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** A broker that clients reach as {@code bootstrap}, at port 9093, with TLS and SCRAM. */
    List<JsonNode> broker(String bootstrap) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("KAFKA_LISTENERS", "SASL_SSL://:9093,PLAINTEXT://:9092,CONTROLLER://:9094");
        variables.put(
                "KAFKA_ADVERTISED_LISTENERS", "SASL_SSL://" + bootstrap + ":9093,PLAINTEXT://" + ADDRESS + ":9092");
        variables.put(
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        variables.put("KAFKA_INTER_BROKER_LISTENER_NAME", "PLAINTEXT");
        variables.put("KAFKA_SASL_ENABLED_MECHANISMS", "SCRAM-SHA-512");
        variables.put(
                "KAFKA_LISTENER_NAME_SASL__SSL_SCRAM___SHA___512_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        variables.put("KAFKA_SSL_KEYSTORE_TYPE", "PKCS12");
        variables.put("KAFKA_SSL_KEYSTORE_LOCATION", "/etc/kafka/keys/node.p12");
        variables.put("KAFKA_SSL_KEYSTORE_PASSWORD", PASSWORD);
        List<JsonNode> documents = copy("kafka", "kafka", List.of(bootstrap), variables);
        ObjectNode pod = (ObjectNode) documents.get(0).at("/spec/template/spec");
        pod.withArray("/containers/0/volumeMounts")
                .addObject()
                .put("name", "keys")
                .put("mountPath", "/etc/kafka/keys");
        ObjectNode keys = pod.withArray("/volumes").addObject().put("name", "keys");
        keys.putObject("secret").put("secretName", "stand-in-keys").put("defaultMode", 0440);
        pod.withArray("/containers/0/ports").addObject().put("name", "scram").put("containerPort", 9093);
        ((ObjectNode) documents.get(1).at("/spec/ports/0")).put("port", 9093).put("targetPort", "scram");
        return documents;
    }

    /** The store, with the bucket of the recipes. */
    List<JsonNode> store() {
        List<JsonNode> documents = copy("store", "store", List.of("store"), Map.of());
        elements(documents.get(0).at("/spec/template/spec/containers/0/volumeMounts"))
                .filter(mount -> mount.path("name").asText().equals("data"))
                .forEach(mount ->
                        ((ObjectNode) mount).put("mountPath", "/data/" + BUCKET).put("subPath", BUCKET));
        return documents;
    }

    /** Keys of the broker, and the Secrets that Strimzi would make: one per user, and the CA. */
    static void secrets(ClusterObjects objects, String bootstrap, String caSecret, Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        keytool(
                folder,
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + bootstrap,
                "-ext",
                "san=dns:" + bootstrap,
                "-validity",
                "2");
        keytool(
                folder,
                "-exportcert",
                "-rfc",
                "-alias",
                "node",
                "-file",
                folder.resolve("ca.crt").toString());
        objects.secret("stand-in-keys", "node.p12", Files.readAllBytes(folder.resolve("node.p12")));
        objects.secret(caSecret, "ca.crt", Files.readString(folder.resolve("ca.crt")));
        for (String user : USERS) {
            objects.secret(
                    "precept-" + user,
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"precept-" + user
                            + "\" password=\"" + password(user) + "\";");
        }
    }

    /** Creates the users of the Secrets. */
    static void users(Node node, String address) {
        for (String user : USERS) {
            String result = node.ask("scram " + address + ":9092 precept-" + user + " " + password(user));
            if (!result.equals("ok")) {
                throw new IllegalStateException("user " + user + ": " + result);
            }
        }
    }

    private static String password(String user) {
        return "planted-" + user;
    }

    private static void keytool(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", folder.resolve("node.p12").toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
    }
}

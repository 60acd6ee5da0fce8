package dev.precept.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container engine would find in an image: files at their paths, an entry point and a working directory. Our own is
 * made of this build; the others of the archives that their images contain, started as their images start them.
 */
record Image(Map<String, Path> files, EntryPoint entryPoint, String folder) {
    private static final String HOME = "/opt/precept";
    private static final String JAVA = HOME + "/jre/bin/java";
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    /** The command of a container, for its arguments, environment and memory limit in bytes. */
    interface EntryPoint {
        List<String> command(List<String> arguments, Map<String, String> environment, long memory);
    }

    static Image named(String name, Path folder) throws IOException {
        String repository = name.substring(name.lastIndexOf('/') + 1).replaceAll(":.*", "");
        return switch (repository) {
            case "precept" -> precept(folder);
            case "apicurio-registry" -> registry();
            case "kafka" -> kafka(folder);
            case "s3proxy" -> store();
            default -> throw new IllegalArgumentException("no archive of the image " + name);
        };
    }

    /** The entry point of the Dockerfile, with the class path of this build. */
    private static Image precept(Path folder) throws IOException {
        Map<String, Path> files = java(folder);
        files.put(HOME + "/starter", Manifests.root().resolve("starter"));
        List<String> entry = entryPoint(Manifests.root().resolve("deploy/docker/Dockerfile"));
        return new Image(files, (arguments, environment, memory) -> concat(limited(entry, memory), arguments), "/tmp");
    }

    private static List<String> entryPoint(Path dockerfile) throws IOException {
        String text = Files.readString(dockerfile);
        String entry = text.substring(text.indexOf("ENTRYPOINT ["), text.indexOf("CMD ["));
        Matcher words = QUOTED.matcher(entry);
        return words.results()
                .map(word -> word.group(1))
                .filter(word -> !word.startsWith("-XX:SharedArchiveFile")) // recorded when the image is assembled
                .toList();
    }

    /** The runtime, and copies of the entries of this class path that every user may read, in the same order. */
    private static synchronized Map<String, Path> java(Path folder) throws IOException {
        Path app = folder.resolve("app");
        Path arguments = folder.resolve("classpath.args");
        if (!Files.exists(arguments)) {
            Files.createDirectories(app);
            List<String> entries = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(":")) {
                if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
                    String name = entries.size() + "-" + Path.of(entry).getFileName();
                    run(
                            "cp",
                            "-rL",
                            "--no-preserve=mode",
                            entry,
                            app.resolve(name).toString());
                    entries.add(HOME + "/app/" + name);
                }
            }
            run("chmod", "-R", "a+rX", app.toString());
            Files.writeString(arguments, "-cp " + String.join(":", entries) + "\n");
        }
        Map<String, Path> files = new LinkedHashMap<>();
        files.put(HOME + "/jre", Path.of(System.getProperty("java.home")));
        files.put(HOME + "/app", app);
        files.put(HOME + "/classpath.args", arguments);
        return files;
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static Image registry() {
        return new Image(
                Map.of(
                        HOME + "/jre",
                        Path.of(System.getProperty("java.home")),
                        "/deployments",
                        Manifests.root().resolve("testkit/target/registry")),
                (arguments, environment, memory) -> limited(
                        List.of(JAVA, "-XX:MaxRAMPercentage=80", "-jar", "/deployments/quarkus-run.jar"), memory),
                "/deployments");
    }

    private static Image store() {
        return new Image(
                Map.of(
                        HOME + "/jre",
                        Path.of(System.getProperty("java.home")),
                        "/opt/s3proxy/s3proxy",
                        Manifests.root().resolve("testkit/target/s3proxy.jar")),
                (arguments, environment, memory) -> {
                    List<String> command = new ArrayList<>(List.of(JAVA));
                    properties(environment).forEach((key, value) -> command.add("-D" + key + "=" + value));
                    command.addAll(List.of("-jar", "/opt/s3proxy/s3proxy", "--properties", "/dev/null"));
                    return limited(command, memory);
                },
                "/opt/s3proxy");
    }

    /** As the script of the image: a variable is a property of the same words. */
    private static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("jclouds.identity", "remote-identity");
        properties.put("jclouds.credential", "remote-credential");
        properties.put("s3proxy.v4-max-non-chunked-request-size", "134217728");
        environment.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("s3proxy_")) {
                properties.put("s3proxy." + lower.substring("s3proxy_".length()).replace('_', '-'), value);
            } else if (lower.startsWith("jclouds_")) {
                properties.put(lower.replace('_', '.'), value);
            }
        });
        return properties;
    }

    /** As the script of the image: its wrapper formats the storage and writes the configuration, then the broker starts. */
    private static Image kafka(Path folder) throws IOException {
        Map<String, Path> files = java(folder);
        Path docker = Files.createDirectories(folder.resolve("kafka-docker"));
        Files.writeString(docker.resolve("server.properties"), "process.roles=broker,controller\n");
        for (String name : List.of("log4j2.yaml", "tools-log4j2.yaml")) {
            Files.writeString(docker.resolve(name), "Configuration:\n  Loggers:\n    Root:\n      level: WARN\n");
        }
        files.put("/etc/kafka/docker", docker);
        files.put("/mnt/shared/config", Files.createDirectories(folder.resolve("kafka-mounted")));
        String java = JAVA + " @" + HOME + "/classpath.args ";
        String script = JAVA + " $KAFKA_HEAP_OPTS @" + HOME + "/classpath.args kafka.docker.KafkaDockerWrapper setup"
                + " --default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config"
                + " --final-configs-dir /opt/kafka/config && mkdir -p $LOG_DIR && exec " + JAVA + " $KAFKA_HEAP_OPTS"
                + java.substring(JAVA.length()) + "kafka.Kafka /opt/kafka/config/server.properties";
        return new Image(files, (arguments, environment, memory) -> List.of("/bin/bash", "-c", script), "/");
    }

    /** With the memory that a JVM would find as the limit of its container. */
    private static List<String> limited(List<String> command, long memory) {
        List<String> limited = new ArrayList<>(command);
        limited.add(1, "-XX:MaxRAM=" + memory);
        return limited;
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}

package dev.precept.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod as a process: a network of its own on the bridge of the node, a root file system of its own that is read-only except
 * for its volumes, its user without capabilities, and no process but its own.
 */
final class PodProcess implements AutoCloseable {
    private final Process process;
    private final Path output;
    private final String name;
    private final String address;

    private PodProcess(Process process, Path output, String name, String address) {
        this.process = process;
        this.output = output;
        this.name = name;
        this.address = address;
    }

    /** @param hosts the content of {@code /etc/hosts}: the names of Services and their addresses */
    record Launch(Node node, String name, int number, String hosts, Path folder) {
        String address() {
            return "10.244.0." + (10 + number);
        }
    }

    static PodProcess start(Launch launch, PodTemplate pod, Image image, ClusterObjects objects) throws IOException {
        Files.createDirectories(launch.folder());
        List<Volumes.Mount> mounts =
                new Volumes(launch.folder().resolve("volumes"), objects).prepare(pod, launch.name());
        Map<String, String> environment = pod.environment(objects, launch.name());
        String workingFolder = pod.container().path("workingDir").asText(image.folder());
        Path script = launch.folder().resolve(launch.name() + ".sh");
        Path hosts = launch.folder().resolve("hosts");
        Files.writeString(hosts, launch.hosts());
        Files.writeString(
                script,
                new RootFileSystem(launch.folder().resolve("root"))
                        .script(image, mounts, hosts, command(pod, image, environment, workingFolder)));
        Path network = launch.folder().resolve(launch.name() + "-network.sh");
        Files.writeString(network, RootFileSystem.network(launch, script));
        Files.createDirectories(launch.folder().resolve("root"));
        Path output = launch.folder().resolve(launch.name() + ".txt");
        Process process = new ProcessBuilder("unshare", "--net", "bash", network.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new PodProcess(process, output, launch.name(), launch.address());
    }

    /** Drops every privilege, then runs the command of the image with the environment of the pod alone. */
    private static List<String> command(
            PodTemplate pod, Image image, Map<String, String> environment, String workingFolder) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/setpriv",
                "--reuid=" + pod.user(),
                "--regid=" + pod.group(),
                "--groups=" + pod.fsGroup(),
                "--no-new-privs",
                "--pdeathsig=KILL", // as --kill-child of unshare, which the change of user has cleared
                "--inh-caps=-all",
                "--bounding-set=-all",
                "/usr/bin/env",
                "-i",
                "-C",
                workingFolder,
                "PATH=/usr/bin:/bin",
                "HOME=/"));
        environment.forEach((key, value) -> command.add(key + "=" + value));
        List<String> ownCommand = pod.texts("command");
        command.addAll(
                ownCommand.isEmpty()
                        ? image.entryPoint()
                                .command(expanded(pod.texts("args"), environment), environment, pod.memory())
                        : ownCommand);
        return command;
    }

    /** References to variables, as the kubelet expands them. */
    private static List<String> expanded(List<String> arguments, Map<String, String> environment) {
        Pattern reference = Pattern.compile("\\$\\((\\w+)\\)");
        return arguments.stream()
                .map(argument -> reference
                        .matcher(argument)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(environment.getOrDefault(found.group(1), found.group()))))
                .toList();
    }

    String name() {
        return name;
    }

    String address() {
        return address;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code, if the process exits in time. */
    Optional<Integer> awaitExit(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS) ? Optional.of(process.exitValue()) : Optional.empty();
    }

    /** The user, capabilities and root mount of the running process, from the kernel. */
    String confinement() throws IOException {
        long pid = process.children()
                .findFirst()
                .map(ProcessHandle::pid)
                .orElseThrow(() -> new IllegalStateException(name + " has exited"));
        String status = Files.readString(Path.of("/proc/" + pid + "/status"));
        String root = Files.readString(Path.of("/proc/" + pid + "/mountinfo"))
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words[4].equals("/"))
                .map(words -> words[5].startsWith("ro") ? "read-only" : "writable")
                .reduce((one, other) -> other)
                .orElse("unknown");
        return "uid " + field(status, "Uid") + ", capabilities " + field(status, "CapEff") + ", new privileges "
                + (field(status, "NoNewPrivs").equals("1") ? "no" : "yes") + ", root " + root;
    }

    private static String field(String status, String field) {
        return status.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip().split("\\s")[0])
                .findFirst()
                .orElse("unknown");
    }

    /** Sends SIGTERM to the process of the container, as a kubelet does. */
    void terminate() {
        process.children().forEach(ProcessHandle::destroy);
    }

    /** The end of the output. */
    String tail() {
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the pod and returns at once. */
    void kill() {
        process.children().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        // The first process of its namespace: the kernel kills the others with it, and its parent exits after it.
        process.children().forEach(ProcessHandle::destroyForcibly);
        if (process.children().findAny().isEmpty()) {
            process.destroyForcibly(); // still preparing the namespaces
        }
        process.onExit().join();
    }
}

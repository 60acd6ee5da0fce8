package dev.precept.cli.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network of its own, with a bridge for the pods and an address for each Service. It disappears with its process, so the
 * network of the machine does not change. Needs root and the programs {@code unshare}, {@code ip} and {@code setpriv}.
 */
final class Node implements AutoCloseable {
    static final String REQUIREMENTS = "pods as processes need root, unshare, setpriv, ip, nsenter, chroot and kubectl";
    static final String GATEWAY = "10.244.0.1";
    private static final int SERVICES = 30;
    private static final int ANSWER_SECONDS = 150;

    private final Process process;
    private final PrintStream commands;
    private final Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private Node(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Whether this machine can run pods in namespaces, as root. */
    static boolean isPossible() throws IOException, InterruptedException {
        for (String program : new String[] {"unshare", "setpriv", "ip", "nsenter", "chroot", "kubectl"}) {
            if (!isInstalled(program)) {
                return false;
            }
        }
        Process trial = new ProcessBuilder(
                        "unshare", "--net", "--mount", "--pid", "--fork", "bash", "-c", "ip link add br0 type bridge")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return trial.waitFor() == 0;
    }

    private static boolean isInstalled(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return Files.isExecutable(Path.of("/usr/sbin", program));
    }

    static Node start(Path folder) throws IOException {
        String script = "set -e; PATH=$PATH:/usr/sbin; ip link set lo up; ip link add br0 type bridge; ip addr add "
                + GATEWAY + "/16 dev br0; for n in $(seq 1 " + SERVICES
                + "); do ip addr add 10.96.0.$n/32 dev br0; done;"
                + " ip link set br0 up; exec \"$@\"";
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "bash",
                        "-c",
                        script,
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeAgent.class.getName())
                .redirectError(folder.resolve("node.txt").toFile())
                .start();
        Node node = new Node(process);
        Thread.ofVirtual().name("node").start(node::receive);
        return node;
    }

    private void receive() {
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                int space = line.indexOf(' ');
                CompletableFuture<String> answer = waiting.remove(Long.valueOf(line.substring(0, space)));
                if (answer != null) {
                    answer.complete(line.substring(space + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the node has failed", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** The result of a command of {@link NodeAgent}: {@code ok} or {@code failed}, and details. */
    String ask(String command) {
        long id = next.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        synchronized (commands) {
            commands.println(id + " " + command);
        }
        return answer.completeOnTimeout("failed no answer", ANSWER_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    void forward(String address, int port, String to, int toPort) {
        String result = ask("forward " + address + " " + port + " " + to + " " + toPort);
        if (!result.equals("ok")) {
            throw new IllegalStateException("Service " + address + ":" + port + ": " + result);
        }
    }

    @Override
    public void close() {
        commands.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}

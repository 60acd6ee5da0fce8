package dev.precept.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The child's end of the line-based protocol with its parent: commands on stdin, values on stdout. */
public final class ChildProtocol {
    private ChildProtocol() {}

    /** Sends a value that {@link ChildJvm#await} returns. */
    public static void send(String word, Object value) {
        synchronized (System.out) {
            System.out.println(word + " " + value);
            System.out.flush();
        }
    }

    /** Starts a thread that runs commands. Exits at the end of the input, which is also the end of the parent. */
    public static void handle(Map<String, Runnable> commands) {
        Thread.ofPlatform().name("commands").start(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String command = in.readLine(); command != null; command = in.readLine()) {
                    Runnable action = commands.get(command);
                    if (action == null) {
                        throw new IllegalStateException("unknown command: " + command);
                    }
                    action.run();
                }
                Runtime.getRuntime().halt(0);
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        });
    }

    /** Prints a failure and exits with 1. */
    public static void fail(Throwable cause) {
        cause.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}

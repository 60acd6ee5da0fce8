package dev.precept.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A child's side of the talk with its parent: a word per line. The end of its input is the end of its life. */
public final class ChildProtocol {
    private ChildProtocol() {}

    /** Tells the parent something; what {@link ChildJvm#hear} waits for. */
    public static void say(String word, Object value) {
        synchronized (System.out) {
            System.out.println(word + " " + value);
            System.out.flush();
        }
    }

    /** Obeys from now on, in a thread of its own. A parent that died closes the input as well, so nothing outlives it. */
    public static void obey(Map<String, Runnable> orders) {
        Thread.ofPlatform().name("orders").start(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String order = in.readLine(); order != null; order = in.readLine()) {
                    Runnable action = orders.get(order);
                    if (action == null) {
                        throw new IllegalStateException("an order that nobody knows here: " + order);
                    }
                    action.run();
                }
                Runtime.getRuntime().halt(0);
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        });
    }

    /** Ends this process because it cannot do its part. */
    public static void fail(Throwable cause) {
        cause.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}

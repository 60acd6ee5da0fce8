package dev.precept.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the probes of one container at its address, by their ports, paths, periods, timeouts and thresholds: first the
 * startup probe alone, then liveness and readiness. Records what a kubelet would do, and does not restart anything.
 */
final class Kubelet implements AutoCloseable {
    private final Node node;
    private final PodTemplate template;
    private final PodProcess pod;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private final long began = System.nanoTime();
    private volatile @Nullable Duration readyAfter;
    private volatile @Nullable String killed;
    private volatile String last = "no probe yet";

    private Kubelet(Node node, PodTemplate template, PodProcess pod) {
        this.node = node;
        this.template = template;
        this.pod = pod;
    }

    static Kubelet start(Node node, PodTemplate template, PodProcess pod) {
        Kubelet kubelet = new Kubelet(node, template, pod);
        kubelet.thread.start();
        return kubelet;
    }

    /** How long the pod took to become ready; empty until then. */
    Optional<Duration> readyAfter() {
        return Optional.ofNullable(readyAfter);
    }

    /** Why a kubelet would have killed the container. */
    Optional<String> killed() {
        return Optional.ofNullable(killed);
    }

    String last() {
        return last;
    }

    private void run() {
        try {
            if (!askUntilStarted(new Probe("startupProbe"))) {
                return;
            }
            Probe liveness = new Probe("livenessProbe");
            Probe readiness = new Probe("readinessProbe");
            while (!stopped.await(100, TimeUnit.MILLISECONDS)) {
                if (liveness.isDue() && liveness.ask() >= liveness.threshold("failureThreshold", 3)) {
                    killed = "livenessProbe: " + last;
                    return;
                }
                if (readiness.isDue() && readiness.ask() == 0 && readyAfter == null) {
                    readyAfter = Duration.ofNanos(System.nanoTime() - began);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean askUntilStarted(Probe startup) throws InterruptedException {
        while (!stopped.await(50, TimeUnit.MILLISECONDS)) {
            if (startup.isDue()) {
                int failures = startup.ask();
                if (failures == 0) {
                    return true;
                }
                if (failures >= startup.threshold("failureThreshold", 3)) {
                    killed = "startupProbe: " + last;
                    return false;
                }
            }
        }
        return false;
    }

    private final class Probe {
        private final String name;
        private final JsonNode declared;
        private long due;
        private int failures;

        Probe(String name) {
            this.name = name;
            this.declared = template.container().path(name);
            if (declared.isMissingNode()) {
                throw new IllegalArgumentException(template.name() + " has no " + name);
            }
            this.due = System.nanoTime() + TimeUnit.SECONDS.toNanos(threshold("initialDelaySeconds", 0));
        }

        int threshold(String field, int absent) {
            return declared.path(field).asInt(absent);
        }

        boolean isDue() {
            return System.nanoTime() - due >= 0;
        }

        /** @return the number of failures in a row */
        int ask() {
            due = System.nanoTime() + TimeUnit.SECONDS.toNanos(threshold("periodSeconds", 10));
            int timeout = threshold("timeoutSeconds", 1);
            String how = declared.has("httpGet") ? "httpGet" : "tcpSocket";
            String target =
                    pod.address() + " " + template.port(declared.path(how).path("port"));
            String answer = node.ask(
                    declared.has("httpGet")
                            ? "http " + target + " "
                                    + declared.at("/httpGet/path").asText() + " " + timeout
                            : "tcp " + target + " " + timeout);
            last = name + " " + answer;
            failures = answer.startsWith("ok") ? 0 : failures + 1;
            return failures;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Namespace;
import dev.precept.testkit.Substrate;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sink in its own process. It prints the steps of its commits. At a given step, once among all processes with the same
 * token, it halts ({@code HALT}) or stops itself as SIGSTOP does ({@code STOP}).
 */
final class SinkProcess {
    static final int HALTED = 9;

    private SinkProcess() {}

    /**
     * The environment of a process.
     *
     * @param folder that the processes of one test share
     * @param dataset a folder or a bucket
     */
    record SinkEnvironment(String bootstrap, String registry, Path folder, String prefix, String dataset) {
        /** On the suite's substrate. */
        static SinkEnvironment on(Substrate substrate, Path folder, String prefix, String dataset) {
            String bootstrap = substrate.broker(() -> {
                EmbeddedBroker here = EmbeddedBroker.start(folder.resolveSibling("broker"), 0);
                return new Substrate.Broker(here.address(), here);
            });
            return new SinkEnvironment(bootstrap, substrate.registry(folder), folder, prefix, dataset);
        }

        KafkaAccess kafka() {
            return KafkaAccess.fromSettings(
                    new Namespace(prefix), 1, Map.of(KafkaAccess.BOOTSTRAP, bootstrap, KafkaAccess.REGISTRY, registry));
        }

        String[] arguments(int ordinal, String order, String step, int time) {
            return new String[] {
                bootstrap,
                registry,
                folder.toString(),
                prefix,
                dataset,
                String.valueOf(ordinal),
                order,
                step,
                String.valueOf(time)
            };
        }
    }

    public static void main(String[] args) throws InterruptedException {
        SinkEnvironment sinkEnvironment = new SinkEnvironment(args[0], args[1], Path.of(args[2]), args[3], args[4]);
        KafkaAccess kafka = sinkEnvironment.kafka();
        try (SinkApp sink = new SinkApp(
                kafka,
                Membership.staticMember(Integer.parseInt(args[5])),
                DatasetTopics.ensure(kafka, (short) 1),
                Dataset.open(DatasetLocation.of(sinkEnvironment.dataset()), 1),
                sinkEnvironment.folder().resolve("spool"),
                new SinkSettings(20, 1 << 20, Duration.ofMillis(300), 1 << 20),
                new CompositeMeterRegistry(),
                new ScriptedCrashPoint(
                        sinkEnvironment.folder().resolve("token"), args[6], args[7], Integer.parseInt(args[8])))) {
            sink.start();
            System.out.println("started");
            String lastOutage = "";
            while (sink.failure().isEmpty()) {
                String now = sink.readinessProblem().orElse("");
                if (!now.equals(lastOutage)) {
                    System.out.println(now.isEmpty() ? "resumed" : "waiting: " + now);
                    lastOutage = now;
                }
                Thread.sleep(20);
            }
            System.out.println("failed: " + sink.failure().orElseThrow());
            Runtime.getRuntime().halt(1);
        }
    }

    /** @param time the pass of the step at which to act, from 1 */
    private record ScriptedCrashPoint(Path token, String order, String step, int time, AtomicInteger passed)
            implements CrashPoint {
        ScriptedCrashPoint(Path token, String order, String step, int time) {
            this(token, order, step, time, new AtomicInteger());
        }

        @Override
        public void passed(Step at) {
            System.out.println("passed " + at);
            if (!order.equals("NONE") && at.name().equals(step) && passed.incrementAndGet() == time && first()) {
                System.out.println(order + " at " + at);
                if (order.equals("HALT")) {
                    Runtime.getRuntime().halt(HALTED);
                }
                stopThisProcess();
                System.out.println("continued");
            }
        }

        private boolean first() {
            try {
                Files.createFile(token);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stopThisProcess() {
            String pid = String.valueOf(ProcessHandle.current().pid());
            try {
                new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

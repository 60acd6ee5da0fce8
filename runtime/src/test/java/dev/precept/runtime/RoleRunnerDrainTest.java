package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoleRunnerDrainTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    /** Drains slowly, or fails immediately. */
    static final class SlowClosingApp implements App {
        private final boolean failing;

        SlowClosingApp(boolean failing) {
            this.failing = failing;
        }

        public static void main(String[] arguments) throws InterruptedException {
            boolean failing = arguments[0].equals("failing");
            ExitCode code =
                    RoleRunner.untilStopped("slow-to-close").run(Optional::empty, () -> new SlowClosingApp(failing));
            Runtime.getRuntime().halt(code.code());
        }

        @Override
        public String name() {
            return "slow-to-close";
        }

        @Override
        public void start() {
            System.out.println("started");
        }

        @Override
        public Optional<Throwable> failure() {
            return failing ? Optional.of(new IllegalStateException("the disk is full")) : Optional.empty();
        }

        @Override
        public void close() {
            System.out.println("closing");
            try {
                boolean interrupted = new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS);
                System.out.println(interrupted ? "cut short" : "drained");
            } catch (InterruptedException e) {
                System.out.println("cut short");
            }
        }
    }

    private Jvm child(String behaviour) {
        return Jvm.start(new Jvm.Launch(SlowClosingApp.class, behaviour).withHeap("64m"), folder.resolve("output"));
    }

    @Test
    void aTerminatedProcessFinishesWhatIsInFlight() {
        try (Jvm child = child("working")) {
            child.awaitOutput("started", PATIENCE);
            child.terminate();
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(ExitCode.RELEASED.code());
            assertThat(child.output()).contains("closing", "drained");
        }
    }

    @Test
    void aFailureEndsTheProcessAndIsReported() {
        try (Jvm child = child("failing")) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(ExitCode.WORK_LEFT.code());
            assertThat(child.output()).contains("slow-to-close failed: ", "the disk is full");
        }
    }
}

package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JvmTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    /** Prints its arguments; then exits with a code, or waits to be killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
            System.out.println("argument " + arguments[0] + ", variable " + System.getenv("PRECEPT_CHILD") + ", heap "
                    + (Runtime.getRuntime().maxMemory() >> 20));
            if (arguments[0].equals("wait")) {
                new CountDownLatch(1).await();
            }
            System.exit(Integer.parseInt(arguments[0]));
        }
    }

    private Jvm start(String argument) {
        Jvm.Launch launch = new Jvm.Launch(Child.class, argument)
                .withHeap("64m")
                .withEnvironment(Map.of("PRECEPT_CHILD", "set"))
                .in(folder);
        return Jvm.start(launch, folder.resolve("output"));
    }

    @Test
    void argumentsHeapAndEnvironmentArePassedAndTheExitCodeIsReturned() {
        try (Jvm child = start("7")) {
            assertThat(child.awaitExit(PATIENCE)).isEqualTo(7);
            assertThat(child.output()).contains("argument 7, variable set, heap 64");
        }
    }

    @Test
    void aKilledChildRunsNoHook() {
        try (Jvm child = start("wait")) {
            child.awaitOutput("argument wait", PATIENCE);
            child.kill();
            assertThat(child.isAlive()).isFalse();
            assertThat(child.output()).doesNotContain("hook ran");
        }
    }

    @Test
    void aTerminatedChildRunsItsHooks() {
        try (Jvm child = start("wait")) {
            child.awaitOutput("argument wait", PATIENCE);
            child.terminate();
            child.awaitExit(PATIENCE);
            assertThat(child.output()).contains("hook ran");
        }
    }

    @Test
    void aTimedOutWaitFailsWithTheOutputOfTheChild() {
        try (Jvm child = start("wait")) {
            child.awaitOutput("argument wait", PATIENCE);
            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("argument wait");
        }
    }
}

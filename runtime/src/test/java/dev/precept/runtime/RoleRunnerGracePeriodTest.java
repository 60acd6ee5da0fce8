package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoleRunnerGracePeriodTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    /** Finishes after a signal, or never. */
    static final class SlowJob implements App {
        private final boolean finishes;
        private volatile boolean sent;

        SlowJob(boolean finishes) {
            this.finishes = finishes;
        }

        public static void main(String[] arguments) throws InterruptedException {
            SlowJob app = new SlowJob(arguments[1].equals("ends"));
            Runtime.getRuntime().addShutdownHook(new Thread(app::onSignal));
            RoleRunner.untilDone("prompts", Duration.parse(arguments[0])).run(Optional::empty, () -> app);
        }

        private void onSignal() {
            System.out.println("signal");
            sent = finishes;
        }

        @Override
        public String name() {
            return "prompts";
        }

        @Override
        public void start() {
            System.out.println("started");
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.empty();
        }

        @Override
        public boolean isFinished() {
            return sent;
        }

        @Override
        public void close() {
            System.out.println(sent ? "closed after all was sent" : "closed before all was sent");
        }
    }

    @Test
    void aJobThatFinishesWithinTheGracePeriodSucceeds() {
        try (Jvm job = job("PT1M", "ends")) {
            assertThat(job.awaitExit(PATIENCE)).as(job.output()).isEqualTo(ExitCode.RELEASED.code());
            assertThat(job.output()).contains("closed after all was sent").doesNotContain("stopped before");
        }
    }

    @Test
    void aJobThatDoesNotFinishReportsThatWorkIsLeft() {
        try (Jvm job = job("PT0.5S", "never ends")) {
            assertThat(job.awaitExit(PATIENCE)).as(job.output()).isEqualTo(ExitCode.WORK_LEFT.code());
            assertThat(job.output())
                    .contains("closed before all was sent", "prompts: stopped before all work was done; restart it");
        }
    }

    private Jvm job(String grace, String work) {
        Jvm job = Jvm.start(new Jvm.Launch(SlowJob.class, grace, work).withHeap("64m"), folder.resolve("output"));
        job.awaitOutput("started", PATIENCE);
        job.terminate();
        return job;
    }
}

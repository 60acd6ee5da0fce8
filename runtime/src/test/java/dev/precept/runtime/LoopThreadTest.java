package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LoopThreadTest {
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final AtomicBoolean drained = new AtomicBoolean();
    private final LoopThread thread = new LoopThread("loop", this::drainOnStop, stopRequested::countDown);

    @Test
    void closeStopsTheLoopAndWaitsForItsEnd() {
        thread.start();
        assertThat(drained).isFalse();

        thread.close();

        assertThat(drained).isTrue();
        assertThat(thread.failure()).isEmpty();
    }

    @Test
    void failureIsTheErrorThatEndedTheLoop() {
        AssertionError error = new AssertionError("broken");
        LoopThread failing = new LoopThread(
                "loop",
                () -> {
                    throw error;
                },
                () -> {});
        assertThat(failing.failure()).isEmpty();

        failing.start();
        failing.close();

        assertThat(failing.failure()).contains(error);
    }

    @Test
    void anInterruptDoesNotEndTheWaitAndIsRestored() {
        thread.start();

        Thread.currentThread().interrupt();
        thread.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(drained).isTrue();
    }

    @Test
    void aThreadThatWasNeverStartedCloses() {
        thread.close();

        assertThat(stopRequested.getCount()).isZero();
        assertThat(drained).isFalse();
    }

    private void drainOnStop() {
        try {
            stopRequested.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        drained.set(true);
    }
}

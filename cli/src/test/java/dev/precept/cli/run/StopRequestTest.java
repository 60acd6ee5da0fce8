package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request to stop is answered once, with what is waited for, and interrupts only a wait that may be. */
@Timeout(30)
class StopRequestTest {
    private final StopRequest stop = new StopRequest();

    @Test
    void theAnswerNamesWhatIsWaitedForNow() {
        List<String> printed = new ArrayList<>();
        stop.during("is replaced");
        stop.during(() -> "waits for 4 calls, at most 3 s", printed::add);
        assertThat(stop.request()).as("the progress line prints it").isEmpty();
        assertThat(printed).containsExactly("stopping: waits for 4 calls, at most 3 s; Ctrl-C again stops at once");
        assertThat(printed.getFirst().length())
                .as("fits a terminal of 80 columns")
                .isLessThanOrEqualTo(80);
        assertThat(stop.request()).as("a second request is not answered again").isEmpty();
        assertThat(printed).hasSize(1);
        assertThat(stop.isRequested()).isTrue();
    }

    @Test
    void aWaitForAModelEndsAtOnce() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Optional<String>> answer = new AtomicReference<>(Optional.empty());
        Thread request = Thread.ofPlatform().start(() -> {
            try {
                begun.await();
                answer.set(stop.request());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> stop.whileInterruptible(() -> {
                    begun.countDown();
                    never.await();
                }))
                .isInstanceOf(InterruptedException.class);
        request.join();
        assertThat(answer.get()).hasValueSatisfying(text -> assertThat(text).contains("no model is called"));
        assertThatThrownBy(() -> stop.whileInterruptible(() -> {}))
                .as("a wait that begins after the request")
                .isInstanceOf(InterruptedException.class);
    }
}

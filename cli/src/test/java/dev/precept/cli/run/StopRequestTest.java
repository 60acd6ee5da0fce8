package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request to stop is answered once, with what is waited for, and interrupts only a wait that may be. */
@Timeout(120)
class StopRequestTest {
    private final StopRequest stop = new StopRequest();

    @Test
    void theAnswerNamesWhatIsWaitedForNow() {
        List<String> printed = new ArrayList<>();
        stop.during("is replaced");
        stop.during(() -> "waits for 4 calls, at most 3 s", printed::add);
        List<String> elsewhere = new ArrayList<>();
        stop.request(elsewhere::add);
        assertThat(elsewhere).as("the progress line prints it").isEmpty();
        assertThat(printed).containsExactly("stopping: waits for 4 calls, at most 3 s; Ctrl-C again stops at once");
        assertThat(printed.getFirst().length())
                .as("fits a terminal of 80 columns")
                .isLessThanOrEqualTo(80);
        stop.request(elsewhere::add);
        assertThat(elsewhere).as("a second request is not answered again").isEmpty();
        assertThat(printed).hasSize(1);
        assertThat(stop.isRequested()).isTrue();
    }

    @Test
    void aWaitForAModelEndsAtOnce() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        Thread request = Thread.ofPlatform().start(() -> {
            try {
                begun.await();
                stop.request(printed::add);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> stop.whileInterruptible(() -> {
                    begun.countDown();
                    try {
                        never.await();
                    } finally {
                        printed.add("stopped");
                    }
                }))
                .isInstanceOf(InterruptedException.class);
        request.join();
        assertThat(printed)
                .as("the answer, then the end of the wait")
                .satisfiesExactly(
                        text -> assertThat(text).contains("no model is called"),
                        text -> assertThat(text).isEqualTo("stopped"));
        assertThatThrownBy(() -> stop.whileInterruptible(() -> {}))
                .as("a wait that begins after the request")
                .isInstanceOf(InterruptedException.class);
    }
}

package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task with several calls in flight gives its permit back while all of them wait, and only then. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JointParkingTest {
    private final AtomicInteger parks = new AtomicInteger();
    private final AtomicReference<Thread> parkedBy = new AtomicReference<>();
    private final CountDownLatch parked = new CountDownLatch(1);
    private volatile boolean holdsPermit = true;

    /** As the permit of a record: only the thread of the task may use it. */
    private final Parking ofTheTask = wait -> {
        parks.incrementAndGet();
        parkedBy.set(Thread.currentThread());
        holdsPermit = false;
        parked.countDown();
        wait.await();
        holdsPermit = true;
    };

    @Test
    void allResultsAreInOrderAndNothingIsParkedWhileACallWorks() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        List<String> results = JointParking.make(
                List.of(
                        parking -> {
                            parking.park(second::await);
                            return "one";
                        },
                        _ -> {
                            assertThat(holdsPermit).isTrue();
                            second.countDown();
                            return "two";
                        }),
                ofTheTask);
        assertThat(results).containsExactly("one", "two");
    }

    @Test
    void theTaskIsParkedByItsOwnThreadWhileAllCallsWaitAndACallGoesOnWithThePermit() throws Exception {
        List<Boolean> withPermit = JointParking.make(
                List.of(
                        parking -> {
                            parking.park(parked::await);
                            return holdsPermit;
                        },
                        parking -> {
                            parking.park(parked::await);
                            return holdsPermit;
                        }),
                ofTheTask);
        assertThat(withPermit).containsExactly(true, true);
        assertThat(parks.get()).isBetween(1, 2);
        assertThat(parkedBy.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void aTaskThatIsInterruptedWhileItWaitsInterruptsItsCalls() {
        AtomicInteger interrupted = new AtomicInteger();
        JointParking.Call<String> waits = parking -> {
            try {
                parking.park(new CountDownLatch(1)::await);
                return "never";
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        };
        Parking revoked = _ -> {
            throw new InterruptedException("the partition was revoked");
        };
        assertThatThrownBy(() -> JointParking.make(List.of(waits, waits), revoked))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("the partition was revoked");
        assertThat(interrupted).hasValue(2);
    }

    @Test
    @Timeout(20)
    void aTaskThatCannotParkEndsItsCalls() {
        JointParking.Call<String> waits = parking -> {
            parking.park(new CountDownLatch(1)::await);
            return "never";
        };
        Parking broken = _ -> {
            throw new IllegalStateException("no permit");
        };
        assertThatThrownBy(() -> JointParking.make(List.of(waits, waits), broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no permit");
    }

    @Test
    void anErrorOfACallIsThatOfTheTask() {
        assertThatThrownBy(() -> JointParking.make(
                        List.of(_ -> "one", _ -> {
                            throw new IllegalStateException("broken");
                        }),
                        ofTheTask))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
    }
}

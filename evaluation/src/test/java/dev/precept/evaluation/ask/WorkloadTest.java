package dev.precept.evaluation.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void whatIsInFlightWhenTheBudgetIsSpentCompletes() throws InterruptedException {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch spent = new CountDownLatch(1);
        AtomicInteger last = new AtomicInteger();
        CountDownLatch polls = new CountDownLatch(3);
        Workload<Integer> workload = new Workload<>(
                List.of(),
                item -> {
                    if (item == 1) {
                        inFlight.countDown();
                        polls.await();
                    } else if (item == 2) {
                        inFlight.await();
                        spent.countDown();
                        return new Asked.Open(Asked.Why.OVER_BUDGET, "spent");
                    }
                    return null;
                },
                done -> {
                    if (spent.getCount() == 0) {
                        polls.countDown();
                    }
                    last.set(done);
                });

        Optional<Workload.Stopped> stopped = workload.run(List.of(0, 1, 2, 3), 2);

        assertThat(stopped).contains(new Workload.Stopped(false, "spent"));
        assertThat(last.get()).as("done: the first one, and the one in flight").isEqualTo(2);
    }
}

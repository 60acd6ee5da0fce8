package dev.precept.reward;

import dev.precept.reward.NoRewardException.Cause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The meters of the reward service. Thread-safe. */
final class RewardMetrics {
    /** 10 ms, doubling to 164 s. */
    private static final Duration[] TIMES = IntStream.rangeClosed(0, 14)
            .mapToObj(doublings -> Duration.ofMillis(10L << doublings))
            .toArray(Duration[]::new);

    private final MeterRegistry meters;

    RewardMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (Cause cause : Cause.values()) {
            missing(cause.label()); // so that the first one shows as an increase
        }
        answers("judged");
        answers("stored");
        answers("ruled");
    }

    /** @param votes that are being obtained */
    void pending(Supplier<Number> votes) {
        Gauge.builder("precept.reward.pending", votes)
                .description("votes on answers that are being obtained")
                .register(meters);
    }

    /** @param spent 1 while the budget permits no more calls */
    void budget(Supplier<Number> spent) {
        Gauge.builder("precept.reward.budget.spent", spent)
                .description("1 while the budget of the service is spent")
                .register(meters);
    }

    void rewarded(Reward reward) {
        answers(reward.votes() == 0 ? "ruled" : reward.stored() == reward.votes() ? "stored" : "judged")
                .increment();
    }

    void missing(Cause cause, int answers) {
        missing(cause.label()).increment(answers);
    }

    void request(String route, int status, Duration elapsed) {
        Timer.builder("precept.reward.request")
                .description("requests of trainers, from their first byte to the answer")
                .tags("route", route, "status", String.valueOf(status))
                .serviceLevelObjectives(TIMES)
                .register(meters)
                .record(elapsed);
    }

    private Counter answers(String by) {
        return Counter.builder("precept.reward.answers")
                .description("rewarded answers: judged now, by stored votes alone, or ruled to have no answer")
                .tags("by", by)
                .register(meters);
    }

    private Counter missing(String cause) {
        return Counter.builder("precept.reward.missing")
                .description("answers of requests that got no reward, by cause")
                .tags("cause", cause)
                .register(meters);
    }
}

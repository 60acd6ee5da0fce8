package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.model.resilience.EndpointPool;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallMetersTest {
    private static final Reply ANSWER = new Reply.Answered("stop", null, "yes", null, new TokenUsage(10, 20, 5), "m");

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final CallMetrics calls = new CallMetrics(meters, "judge", "m");

    @Test
    void anAnswerHasDurationAndTokensAndNoError() {
        calls.onCallEnded(call(ANSWER, null));
        Timer timer = duration("");
        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(timer.getId().getTag("gen_ai_request_model")).isEqualTo("some-model");
        assertThat(timer.getId().getTag("gen_ai_operation_name")).isEqualTo("chat");
        assertThat(timer.getId().getTag("server_address")).isEqualTo("models.example");
        assertThat(timer.getId().getTag("server_port")).isEqualTo("443");
        assertThat(tokens("input").totalAmount()).isEqualTo(10);
        assertThat(tokens("output").totalAmount()).isEqualTo(20);
    }

    @Test
    void aFailedCallHasItsErrorType() {
        Map<String, EndpointPool.EndedCall> failures = Map.of(
                "rate_limited", call(null, new ModelCallException.RateLimited("full", null)),
                "timed_out", call(null, new ModelCallException.TimedOut("late")),
                "unavailable", call(null, new ModelCallException.Unavailable("down", (Duration) null)),
                "malformed", call(new Reply.Malformed("half", new TokenUsage(1, 2, 0)), null),
                "context_too_long", call(new Reply.ContextTooLong("long"), null),
                "dropped", call(null, null));
        failures.values().forEach(calls::onCallEnded);
        assertThat(failures.keySet())
                .allSatisfy(type -> assertThat(duration(type).count()).isEqualTo(1));
        assertThat(tokens("output").count()).isEqualTo(1);
    }

    @Test
    void aWithheldCallIsNotCounted() {
        calls.onCallEnded(call(null, new ModelCallException.NotPermitted("paused")));
        assertThat(meters.find("gen_ai.client.operation.duration").timers()).isEmpty();
    }

    /** The kinds add up to all tokens, so that a sum over them is no double count. */
    @Test
    void tokensAreCountedByKind() {
        calls.countTokens(new TokenUsage(100, 64, 20, 5, true));
        assertThat(counted("prompt")).isEqualTo(36);
        assertThat(counted("cached")).isEqualTo(64);
        assertThat(counted("completion")).isEqualTo(15);
        assertThat(counted("reasoning")).isEqualTo(5);
    }

    private double counted(String kind) {
        return meters.get("precept.tokens")
                .tags("role", "judge", "kind", kind)
                .counter()
                .count();
    }

    private Timer duration(String errorType) {
        return meters.get("gen_ai.client.operation.duration")
                .tags("role", "judge", "error_type", errorType)
                .timer();
    }

    private DistributionSummary tokens(String type) {
        return meters.get("gen_ai.client.token.usage")
                .tag("gen_ai_token_type", type)
                .summary();
    }

    private static EndpointPool.EndedCall call(@Nullable Reply reply, @Nullable ModelCallException failure) {
        return new EndpointPool.EndedCall(
                "https://models.example/v1", "some-model", reply, failure, Duration.ZERO, Duration.ofSeconds(3));
    }
}

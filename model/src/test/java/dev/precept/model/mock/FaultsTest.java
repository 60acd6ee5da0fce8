package dev.precept.model.mock;

import static dev.precept.model.mock.Requests.generation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import dev.precept.model.Reply.Answered;
import dev.precept.model.mock.FaultInjection.Kind;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The mock model injects each configured fault, on the same calls in every run, and retries succeed. */
class FaultsTest {
    private static final String QUESTION = "How do I start planting tomatoes?";

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachFaultHasItsOwnException(Kind kind) throws Exception {
        try (MockModelServer server =
                        MockModelServer.start(0, FaultInjection.none().with(kind, 1), MistakeRates.none());
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            Object outcome =
                    outcome(model, request(kind == Kind.HANG ? Duration.ofMillis(200) : Duration.ofSeconds(20)));
            switch (kind) {
                case RATE_LIMITED ->
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    RateLimited.class,
                                    limited -> assertThat(limited.retryAfter()).contains(Duration.ofSeconds(1)));
                case SERVER_ERROR, OVERLOADED, RESET -> assertThat(outcome).isInstanceOf(Unavailable.class);
                case HTML, BAD_JSON -> assertThat(outcome).isInstanceOf(Unreadable.class);
                case HANG -> assertThat(outcome).isInstanceOf(TimedOut.class);
                case TRUNCATE ->
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Answered.class,
                                    answered ->
                                            assertThat(answered.finishReason()).isEqualTo("length"));
            }
        }
    }

    @Test
    void everyCallSucceedsAfterRetriesAndRunsFailAlike() throws Exception {
        List<Integer> first = retriesUntilAnswered();
        assertThat(first).anyMatch(retries -> retries > 0).anyMatch(retries -> retries == 0);
        assertThat(retriesUntilAnswered()).isEqualTo(first);
    }

    @Test
    void faultsOccurInTheirShares() {
        FaultInjection faultInjection =
                FaultInjection.none().with(Kind.RATE_LIMITED, 0.05).with(Kind.RESET, 0.01);
        List<Optional<Kind>> drawn = IntStream.range(0, 10_000)
                .mapToObj(i -> faultInjection.faultFor(i, 0))
                .toList();
        assertThat(drawn.stream().filter(Optional.of(Kind.RATE_LIMITED)::equals))
                .hasSizeBetween(420, 580);
        assertThat(drawn.stream().filter(Optional.of(Kind.RESET)::equals)).hasSizeBetween(60, 140);
        assertThat(drawn.stream().filter(Optional::isEmpty)).hasSizeBetween(9300, 9500);
    }

    @Test
    void delaysLieBetweenLatencyAndLatencyPlusJitter() {
        FaultInjection slow = FaultInjection.none().withLatency(Duration.ofMillis(300), Duration.ofMillis(700));
        List<Duration> delays =
                IntStream.range(0, 1000).mapToObj(i -> slow.delay(i, 0)).toList();
        assertThat(delays).allMatch(delay -> delay.toMillis() >= 300 && delay.toMillis() < 1000);
        assertThat(delays).anyMatch(delay -> delay.toMillis() < 350).anyMatch(delay -> delay.toMillis() > 950);
    }

    @Test
    void aPortInUseFailsTheStart() throws Exception {
        try (MockModelServer first = MockModelServer.start(0, FaultInjection.none())) {
            int port = URI.create(first.url()).getPort();
            assertThatThrownBy(() -> MockModelServer.start(port, FaultInjection.none()))
                    .isInstanceOf(IOException.class);
        }
    }

    private static List<Integer> retriesUntilAnswered() throws Exception {
        FaultInjection faultInjection =
                FaultInjection.none().with(Kind.SERVER_ERROR, 0.3).with(Kind.HTML, 0.2);
        try (MockModelServer server = MockModelServer.start(0, faultInjection, MistakeRates.none());
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            return IntStream.range(0, 20).mapToObj(i -> retries(model, i)).toList();
        }
    }

    private static int retries(OpenAiChatModel model, int seed) {
        ChatRequest request = generation(Requests.SPECIFICATION, QUESTION, seed, 8192);
        int retries = 0;
        while (!(outcome(model, request) instanceof Answered)) {
            retries++;
            assertThat(retries).isLessThan(50);
        }
        return retries;
    }

    private static Object outcome(OpenAiChatModel model, ChatRequest request) {
        try {
            return model.complete(request);
        } catch (ModelCallException failed) {
            return failed;
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static ChatRequest request(Duration timeout) {
        ChatRequest request = generation(QUESTION);
        return new ChatRequest(
                request.model(), request.messages(), null, request.sampling(), null, request.seed(), timeout);
    }
}

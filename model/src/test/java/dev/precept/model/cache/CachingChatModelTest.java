package dev.precept.model.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.Reply.Answered;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A valid answer is not requested again; in every other case the model is called and its answer returned. */
class CachingChatModelTest {
    private static final TokenUsage USAGE = new TokenUsage(100, 20, 15);
    private static final Answered ANSWER = new Answered("stop", "because – ü 𝄞", "yes \"\n\u0000", null, USAGE, "m-1");
    private static final ChatRequest REQUEST = new ChatRequest(
            "m",
            List.of(ChatMessage.user("?")),
            null,
            new Sampling(0.6, 0.9, "low", 10),
            null,
            7,
            Duration.ofSeconds(1));

    private final InMemoryResponseCache cache = new InMemoryResponseCache();
    private final AtomicInteger calls = new AtomicInteger();

    /** An in-memory cache that can fail. */
    private static final class InMemoryResponseCache implements ResponseCache {
        private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();
        private boolean readable = true;
        private boolean writable = true;

        @Override
        public Optional<byte[]> get(String key) throws IOException {
            if (!readable) {
                throw new IOException("cannot be read");
            }
            return Optional.ofNullable(bytes.get(key));
        }

        @Override
        public void put(String key, byte[] given) throws IOException {
            if (!writable) {
                throw new IOException("the disk is full");
            }
            bytes.putIfAbsent(key, given);
        }

        @Override
        public void delete(String key) throws IOException {
            if (!writable) {
                throw new IOException("cannot be removed");
            }
            bytes.remove(key);
        }

        void damage(byte[] with) {
            bytes.replaceAll((key, kept) -> with);
        }
    }

    private CachingChatModel answering(Reply reply) {
        return answering(reply, true);
    }

    private CachingChatModel answering(Reply reply, boolean valid) {
        return new CachingChatModel(
                request -> {
                    calls.incrementAndGet();
                    return reply;
                },
                cache,
                (request, answered) -> valid);
    }

    private static Answered cacheHit(Answered answered) {
        return new Answered(
                answered.finishReason(),
                answered.reasoning(),
                answered.content(),
                answered.toolCallsJson(),
                answered.usage(),
                answered.model(),
                true);
    }

    @Test
    void theSameRequestIsAnsweredFromTheCacheAndMarkedAsAHit() throws Exception {
        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);

        assertThat(answering(new Reply.Malformed("not asked", USAGE)).complete(REQUEST))
                .isEqualTo(cacheHit(ANSWER));
        assertThat(calls).hasValue(1);
        assertThat(cache.bytes.keySet())
                .singleElement()
                .satisfies(key -> assertThat(key).matches("[0-9a-f]{64}"));
    }

    @Test
    void usageThatIsNotKnownStaysUnknown() throws Exception {
        Answered answer = new Answered("stop", null, "yes", null, TokenUsage.UNKNOWN, "m-1");
        answering(answer).complete(REQUEST);

        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(cacheHit(answer));
    }

    @Test
    void toolCallsAreCachedUnchanged() throws Exception {
        Answered tools = new Answered("tool_calls", null, "", "[{\"n\": 1.0E5,  \"a\":\"{}\"}]", USAGE, "m-1");
        answering(tools).complete(REQUEST);

        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(cacheHit(tools));
    }

    static Stream<Reply> whatIsNoAnswer() {
        return Stream.of(
                new Answered("length", null, "cut", null, USAGE, "m-1"),
                new Answered("content_filter", null, "", null, USAGE, "m-1"),
                new Answered("something", null, "", null, USAGE, "m-1"),
                new Reply.Malformed("half a body", USAGE),
                new Reply.RequestRefused(400, "no"),
                new Reply.ContextTooLong("too long"));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoAnswer")
    void aReplyWithoutAnAnswerIsRequestedAgain(Reply reply) throws Exception {
        assertThat(answering(reply).complete(REQUEST)).isEqualTo(reply);
        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);

        assertThat(calls).hasValue(2);
    }

    @Test
    void anInvalidAnswerIsNeitherCachedNorServedFromTheCache() throws Exception {
        assertThat(answering(ANSWER, false).complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(cache.bytes).isEmpty();

        answering(ANSWER).complete(REQUEST);
        assertThat(answering(ANSWER, false).complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(calls).hasValue(3);
    }

    @Test
    void aFailedCallThrowsTheSameException() throws Exception {
        CachingChatModel failing = new CachingChatModel(
                request -> {
                    throw new ModelCallException.Unavailable("down", (Duration) null);
                },
                cache,
                (request, answered) -> true);

        assertThatThrownBy(() -> failing.complete(REQUEST)).isInstanceOf(ModelCallException.Unavailable.class);
        assertThat(cache.bytes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "[]",
                "{}",
                "{\"v\": 1}",
                "{\"v\":2,%s,%s}",
                "{\"v\":1,%s,%s",
                "{\"v\":1,%s,%s}}",
                "{\"v\":1,%s,\"content\":\"twice\",%s}",
                "{\"v\":1,%s,\"usage\":{\"prompt\":-1,\"completion\":1,\"reasoning\":1}}",
                "{\"v\":1,%s,\"usage\":{\"prompt\":1.5,\"completion\":1,\"reasoning\":1}}",
                "{\"v\":1,\"content\":null,%2$s}",
            })
    void aCorruptEntryIsAMissAndIsReplaced(String damaged) throws Exception {
        String fields =
                "\"finish_reason\":\"stop\",\"reasoning\":null,\"content\":\"x\",\"tool_calls\":null,\"model\":\"m\"";
        String usage = "\"usage\":{\"prompt\":1,\"completion\":1,\"reasoning\":1}";
        answering(ANSWER).complete(REQUEST);
        cache.damage(damaged.formatted(fields, usage).getBytes(StandardCharsets.UTF_8));

        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(cacheHit(ANSWER));
        assertThat(calls).hasValue(2);
    }

    @Test
    void entriesHaveTheFormatOfVersionOne() throws Exception {
        answering(ANSWER).complete(REQUEST);
        cache.damage("""
                {"v": 1, "finish_reason": "tool_calls", "reasoning": null, "content": "", "tool_calls": "[1]",
                 "usage": {"prompt": 3, "completion": 2, "reasoning": 1}, "model": "m-0"}
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(answering(ANSWER).complete(REQUEST))
                .isEqualTo(new Answered("tool_calls", null, "", "[1]", new TokenUsage(3, 2, 1), "m-0", true));
    }

    @Test
    void aCorruptEntryThatCannotBeDeletedIsAMiss() throws Exception {
        answering(ANSWER).complete(REQUEST);
        cache.damage(new byte[] {1});
        cache.writable = false;

        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);
    }

    @Test
    void aCacheThatCannotBeWrittenLosesNoAnswer() throws Exception {
        cache.writable = false;

        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aCacheThatCannotBeReadIsAMiss() throws Exception {
        answering(ANSWER).complete(REQUEST);
        cache.readable = false;

        assertThat(answering(ANSWER).complete(REQUEST)).isEqualTo(ANSWER);
        assertThat(calls).hasValue(2);
    }

    @Test
    void anUnpairedSurrogateIsReturnedAndNeverCached() throws Exception {
        Answered broken = new Answered("stop", null, "half \ud834", null, USAGE, "m-1");

        assertThat(answering(broken).complete(REQUEST)).isEqualTo(broken);
        assertThat(answering(broken).complete(REQUEST)).isEqualTo(broken);
        assertThat(calls).hasValue(2);
    }

    @Test
    void twoConcurrentCallersAreBothAnswered() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        CachingChatModel model = new CachingChatModel(
                request -> {
                    try {
                        both.await();
                    } catch (java.util.concurrent.BrokenBarrierException e) {
                        throw new IllegalStateException(e);
                    }
                    return new Answered("stop", null, "call " + calls.incrementAndGet(), null, USAGE, "m-1");
                },
                cache,
                (request, answered) -> true);
        List<Future<Reply>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 2; i++) {
                answers.add(callers.submit(() -> model.complete(REQUEST)));
            }
        }

        assertThat(List.of(answers.get(0).get(), answers.get(1).get())).doesNotHaveDuplicates();
        assertThat(calls).hasValue(2);
        assertThat(model.complete(REQUEST)).isEqualTo(model.complete(REQUEST));
        assertThat(calls).hasValue(2);
    }
}

package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.completion;
import static dev.precept.model.openai.ScriptedCalls.failedCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import dev.precept.model.Reply;
import dev.precept.model.Reply.ContextTooLong;
import dev.precept.model.Reply.RequestRefused;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call ends, with a reply or with an exception that names the cause. */
class MisbehavingServerTest {
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String GOOD = completion("stop", "{\"content\":\"answer\"}");

    @Test
    void htmlInPlaceOfACompletionIsUnreadable() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.answering(200, "Content-Type: text/html; charset=utf-8\r\n", "<html></html>")) {
            assertThat(failedCall(server, Unreadable.class)).hasMessageEndingWith("answered HTML");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[", "", "[]", "<!doctype html>", "{} {}", "{\"choices\":NaN}"})
    void aBodyThatIsNotOneJsonObjectIsUnreadable(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(body)) {
            assertThat(failedCall(server, Unreadable.class)).hasMessageStartingWith(server.url());
        }
    }

    @Test
    void bytesThatAreNotUtf8AreUnreadable() throws Exception {
        byte[] body = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        body[GOOD.indexOf("answer")] = (byte) 0xFC;
        try (ScriptedServer server = ScriptedServer.answering(200, JSON, body)) {
            assertThat(failedCall(server, Unreadable.class)).hasMessageEndingWith("not UTF-8");
        }
    }

    @Test
    void anEndlesslyNestedBodyIsUnreadable() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.answering("{\"choices\":" + "[".repeat(5000) + "]".repeat(5000) + "}")) {
            assertThat(failedCall(server, Unreadable.class)).hasMessageContaining("broken JSON");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"error\":{\"code\":\"overloaded\",\"message\":\"you said: hello\"}}", "{\"error\":\"hello\"}"
            })
    void anErrorWithASuccessfulStatusIsUnavailableAndNotQuoted(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(body)) {
            assertThat(failedCall(server, Unavailable.class))
                    .hasMessageContaining("answered with an error")
                    .hasMessageNotContaining("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "\"400\"", "422"})
    void aRefusalWithASuccessfulStatusIsARefusal(String code) throws Exception {
        String body = "{\"error\":{\"code\":" + code + ",\"message\":\"no such tool\"}}";
        assertThat(ScriptedCalls.replyTo(body))
                .isInstanceOfSatisfying(
                        RequestRefused.class,
                        refused -> assertThat(refused.detail()).endsWith("no such tool"));
        assertThat(ScriptedCalls.replyTo("{\"error\":{\"code\":\"context_length_exceeded\"}}"))
                .isInstanceOf(ContextTooLong.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":null,\"usage\":null}",
                "{\"detail\":\"busy with hello\"}",
                "{\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"hello, I\"}}],\"usage\":null}",
                "{\"choices\":[{\"finish_reason\":\"insufficient_system_resource\",\"message\":{\"content\":\"hello\"}}]}",
                "{\"choices\":[{\"finish_reason\":\"abort\",\"message\":{\"content\":\"\"}}]}",
                "{\"choices\":[{\"finish_reason\":\"stop\",\"native_finish_reason\":\"network_error\",\"message\":{}}]}",
                "{\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"code\":502,\"message\":\"hello\"},\"message\":{}}]}"
            })
    void anOutageThatIsToldUnderASuccessfulStatusIsUnavailable(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(body)) {
            assertThat(failedCall(server, Unavailable.class)).hasMessageNotContaining("hello");
        }
    }

    @Test
    void anErrorInAChoiceIsMappedLikeAnyOther() throws Exception {
        String choice = "{\"choices\":[{\"error\":{\"code\":%d,\"message\":\"why\"},\"message\":{\"content\":\"\"}}]}";
        assertThat(ScriptedCalls.replyTo(choice.formatted(400))).isEqualTo(new RequestRefused(400, "400 why"));
        try (ScriptedServer server = ScriptedServer.answering(choice.formatted(429))) {
            assertThat(failedCall(server, RateLimited.class).detail()).endsWith(": 429 why");
        }
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("\ufeff" + GOOD)) {
            assertThat(ScriptedCalls.call(server)).isInstanceOf(Reply.Answered.class);
        }
    }

    @Test
    void aRateLimitWithASuccessfulStatusIsARateLimit() throws Exception {
        String body = "{\"error\":{\"code\":429,\"message\":\"slower\"}}";
        try (ScriptedServer server = ScriptedServer.answering(200, JSON + "Retry-After: 3\r\n", body)) {
            assertThat(failedCall(server, RateLimited.class).retryAfter()).contains(Duration.ofSeconds(3));
        }
    }

    @Test
    void anUnreachableServerIsUnavailable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Endpoint unreachable = new Endpoint("http://127.0.0.1:" + port + "/v1/", null);
        try (OpenAiChatModel model = new OpenAiChatModel(unreachable)) {
            assertThatThrownBy(() -> model.complete(ScriptedCalls.request(Duration.ofSeconds(20))))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("127.0.0.1:" + port + "/v1/chat/completions is unreachable: no connection");
        }
    }

    @Test
    void aConnectionClosedWithoutAResponseIsUnavailable() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(Socket::close)) {
            assertThat(failedCall(server, Unavailable.class)).isNotNull();
        }
    }

    @Test
    void aResetIsUnavailable() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(socket -> socket.setSoLinger(true, 0))) {
            assertThat(failedCall(server, Unavailable.class)).isNotNull();
        }
    }

    @Test
    void aTruncatedBodyIsUnavailable() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
            ScriptedServer.head(socket.getOutputStream(), 200, JSON + "Content-Length: 5000\r\n");
            socket.getOutputStream().write(GOOD.getBytes(StandardCharsets.UTF_8));
        })) {
            assertThat(failedCall(server, Unavailable.class)).isNotNull();
        }
    }

    @Test
    void aResetAfterTheWholeBodyChangesNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
            ScriptedServer.respond(socket, 200, JSON, GOOD.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            socket.setSoLinger(true, 0);
        })) {
            assertThat(ScriptedCalls.call(server)).isInstanceOf(Reply.Answered.class);
        }
    }

    @Test
    void anEndlessBodyIsDroppedAtTheLimit() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
            ScriptedServer.head(socket.getOutputStream(), 200, JSON);
            writeUntilRefused(socket, hungUp);
        })) {
            assertThat(failedCall(server, Unreadable.class))
                    .hasMessageEndingWith("answered more than " + ScriptedCalls.BODY_LIMIT_BYTES + " bytes");
            assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aBodyWithATooLargeContentLengthIsNotAwaited() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
            ScriptedServer.head(socket.getOutputStream(), 200, JSON + "Content-Length: 200000000\r\n");
            socket.getOutputStream().write('{');
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            hungUp.countDown();
        })) {
            assertThat(failedCall(server, Unreadable.class)).hasMessageContaining("more than");
            assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theStatusCountsEvenIfTheBodyIsTooLong() throws Exception {
        byte[] endless = new byte[ScriptedCalls.BODY_LIMIT_BYTES + 1];
        try (ScriptedServer server = ScriptedServer.answering(429, "Retry-After: 7\r\n", endless)) {
            assertThat(failedCall(server, RateLimited.class).retryAfter()).contains(Duration.ofSeconds(7));
        }
        try (ScriptedServer server = ScriptedServer.answering(400, JSON, endless)) {
            assertThat(ScriptedCalls.call(server)).isInstanceOf(RequestRefused.class);
        }
    }

    @Test
    void theDeadlineAppliesBeforeTheHeaders() throws Exception {
        assertDeadline(socket -> socket.getInputStream().read());
    }

    @Test
    void theDeadlineAppliesWithinTheBody() throws Exception {
        assertDeadline(socket -> {
            ScriptedServer.head(socket.getOutputStream(), 200, JSON + "Content-Length: 5000\r\n");
            socket.getOutputStream().write('{');
            socket.getInputStream().read();
        });
    }

    @Test
    void anInterruptedCallerReturnsAtOnce() throws Exception {
        assertEnds((caller, _) -> caller.interrupt(), InterruptedException.class);
    }

    @Test
    void closingTheModelEndsItsCalls() throws Exception {
        assertEnds((_, model) -> model.close(), Unavailable.class);
    }

    private static void assertEnds(BiConsumer<Thread, OpenAiChatModel> event, Class<? extends Exception> expected)
            throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        try (ScriptedServer server =
                        ScriptedServer.playing(socket -> socket.getInputStream().read());
                OpenAiChatModel model = ScriptedCalls.model(server)) {
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    model.complete(ScriptedCalls.request(Duration.ofHours(1)));
                } catch (Exception ended) {
                    outcome.complete(ended);
                }
            });
            server.received();
            event.accept(caller, model);
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(expected);
        }
    }

    /** The script blocks until the client closes the connection, which a timed-out call must do. */
    private static void assertDeadline(ScriptedServer.Script script) throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
                    try {
                        script.play(socket);
                    } finally {
                        hungUp.countDown();
                    }
                });
                OpenAiChatModel model = ScriptedCalls.model(server)) {
            assertThatThrownBy(() -> model.complete(ScriptedCalls.request(Duration.ofMillis(200))))
                    .isInstanceOf(TimedOut.class)
                    .hasMessage(server.url() + "/chat/completions did not answer completely within 200 ms");
            assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void writeUntilRefused(Socket socket, CountDownLatch refused) throws IOException {
        try {
            while (true) {
                socket.getOutputStream().write(new byte[4096]);
            }
        } finally {
            refused.countDown();
        }
    }
}

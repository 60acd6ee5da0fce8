package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.Reply.Answered;
import dev.precept.model.ReplyListener;
import dev.precept.model.TokenUsage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pieces of a streamed answer are told while it is written, and change nothing of the reply. */
@Timeout(60)
class StreamPiecesTest {
    private static final String SSE = "Content-Type: text/event-stream\r\n";
    private static final String BEGINNING = """
            data: {"choices":[{"index":0,"delta":{"role":"assistant","reasoning":"thou","reasoning_content":"thou"}}]}

            data: {"choices":[{"index":1,"delta":{"content":"another choice"}}]}

            data: {"choices":[{"index":0,"delta":{"reasoning":"ght 😀","reasoning_content":"ght 😀","content":null}}]}

            """;
    private static final String END = """
            data: {"choices":[{"index":0,"delta":{"content":"answer"},"finish_reason":"stop"}]}

            data: [DONE]
            """;

    private final Map<ReplyListener.Part, StringBuilder> pieces = new EnumMap<>(ReplyListener.Part.class);
    private final CountDownLatch reasoned = new CountDownLatch(1);

    private synchronized void take(ReplyListener.Part part, String text) {
        pieces.computeIfAbsent(part, _ -> new StringBuilder()).append(text);
        if (pieces.values().iterator().next().toString().endsWith("😀")) {
            reasoned.countDown();
        }
    }

    private synchronized String told() {
        return pieces.toString();
    }

    private Answered call(String url) throws Exception {
        try (OpenAiChatModel model =
                new OpenAiChatModel(new Endpoint(url, null), RequestEncoding.STANDARD.streamed())) {
            return (Answered) model.complete(ScriptedCalls.request(Duration.ofSeconds(20), this::take));
        }
    }

    @Test
    void piecesAreToldBeforeTheAnswerIsWhole() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
            OutputStream out = socket.getOutputStream();
            ScriptedServer.head(out, 200, SSE);
            byte[] beginning = BEGINNING.getBytes(StandardCharsets.UTF_8);
            for (byte each : beginning) { // no piece of the connection is one of the text
                out.write(each);
            }
            out.flush();
            await(reasoned);
            out.write(END.getBytes(StandardCharsets.UTF_8));
        })) {
            assertThat(call(server.url()))
                    .isEqualTo(new Answered("stop", "thought 😀", "answer", null, TokenUsage.UNKNOWN, "some-model"));
        }
        assertThat(told()).isEqualTo("{REASONING=thought 😀, ANSWER=answer}");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("no piece was told");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aStreamThatIsCutIsAnOutageWithItsPieces() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, BEGINNING)) {
            assertThatThrownBy(() -> call(server.url())).isInstanceOf(Unavailable.class);
        }
        assertThat(told()).isEqualTo("{REASONING=thought 😀}");
    }

    @Test
    void tagsOfThinkingAreReadAcrossPieces() {
        ThinkTagPieces content = new ThinkTagPieces(this::take);
        for (String piece : new String[] {" ", "<th", "ink>why", " <", "/p></th", "ink>", "\n", "ans<think>", "wer"}) {
            content.add(piece);
        }
        assertThat(told()).isEqualTo("{REASONING=why </p>, ANSWER=\nans<think>wer}");
    }

    @Test
    void anAnswerThatIsNotStreamedHasNoPieces() throws Exception {
        String body = ScriptedCalls.completion("stop", "{\"content\":\"answer\",\"reasoning\":\"thought\"}");
        try (ScriptedServer server = ScriptedServer.answering(body)) {
            assertThat(call(server.url()).content()).isEqualTo("answer");
        }
        assertThat(told()).isEqualTo("{}");
    }

    @Test
    void aServerThatRefusesToStreamIsAskedForTheWhole() throws Exception {
        String body = ScriptedCalls.completion("stop", "{\"content\":\"answer\",\"reasoning\":\"thought\"}");
        try (EncodingServer server = new EncodingServer(request -> request.has("stream")
                ? EncodingServer.Answer.refusal(400, "{\"error\":{\"message\":\"streaming is not supported here\"}}")
                : EncodingServer.Answer.good(body))) {
            assertThat(call(server.url()).reasoning()).isEqualTo("thought");
            assertThat(server.requests()).hasSize(2);
            assertThat(server.lastRequest().has("stream_options")).isFalse();
        }
    }
}

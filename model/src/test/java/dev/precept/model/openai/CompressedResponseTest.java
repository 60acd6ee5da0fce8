package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.completion;
import static dev.precept.model.openai.ScriptedCalls.failedCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.precept.model.ModelCallException.Unreadable;
import dev.precept.model.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A compressed response is decoded, within limits on size and ratio. */
class CompressedResponseTest {
    private static final String GOOD = completion("stop", "{\"content\":\"answer\"}");

    private interface Packer {
        OutputStream over(OutputStream out) throws IOException;
    }

    @Test
    void aCompressedResponseIsDecoded() throws Exception {
        assertThat(call("gzip", packed(GOOD, GZIPOutputStream::new))).isInstanceOf(Reply.Answered.class);
        assertThat(call("X-GZip", packed(GOOD, GZIPOutputStream::new))).isInstanceOf(Reply.Answered.class);
        assertThat(call("deflate", packed(GOOD, DeflaterOutputStream::new))).isInstanceOf(Reply.Answered.class);
        assertThat(call("identity", GOOD.getBytes(StandardCharsets.UTF_8))).isInstanceOf(Reply.Answered.class);
    }

    @Test
    void aCompressedRefusalIsRecognised() throws Exception {
        byte[] body = packed("{\"error\":{\"code\":\"context_length_exceeded\"}}", GZIPOutputStream::new);
        try (ScriptedServer server = ScriptedServer.answering(400, "Content-Encoding: gzip\r\n", body)) {
            assertThat(ScriptedCalls.call(server)).isInstanceOf(Reply.ContextTooLong.class);
        }
    }

    @Test
    void aShortBodyMayHaveAnyRatio() throws Exception {
        String repeating = completion("stop", "{\"content\":\"" + "no ".repeat(10_000) + "\"}");
        byte[] body = packed(repeating, GZIPOutputStream::new);
        assertThat(repeating.length() / body.length).isGreaterThan(100);

        assertThat(call("gzip", body)).isInstanceOf(Reply.Answered.class);
    }

    @Test
    void aBodyBeyondTheLimitIsUnreadable() throws Exception {
        String bomb = completion("stop", "{\"content\":\"" + "0".repeat(50 << 20) + "\"}");

        assertThat(inVain("gzip", packed(bomb, GZIPOutputStream::new)))
                .hasMessageEndingWith("bytes that decompress to more than " + ScriptedCalls.BODY_LIMIT_BYTES);
        assertThat(inVain("deflate", packed(bomb, DeflaterOutputStream::new))).hasMessageContaining("decompress");
    }

    @Test
    void aBodyBeyondTheRatioIsUnreadableBelowTheLimit() throws Exception {
        byte[] body = packed("0".repeat(8 << 20), GZIPOutputStream::new);

        assertThat(catchThrowableOfType(
                        Json.InvalidJsonException.class, () -> ContentCoding.decode(body, List.of("gzip"), 16 << 20)))
                .hasMessageEndingWith("decompress to more than " + 100 * body.length);
    }

    @Test
    void aCorruptBodyIsUnreadable() throws Exception {
        byte[] whole = packed(GOOD, GZIPOutputStream::new);
        assertThat(inVain("gzip", Arrays.copyOf(whole, whole.length / 2))).hasMessageContaining("corrupt gzip");
        assertThat(inVain("gzip", GOOD.getBytes(StandardCharsets.UTF_8))).hasMessageContaining("corrupt gzip");
        assertThat(inVain("deflate", whole)).hasMessageContaining("corrupt deflate");
        assertThat(inVain("gzip", new byte[0])).hasMessageContaining("corrupt gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "aes128gcm"})
    void anyOtherCodingIsUnreadable(String coding) {
        assertThat(inVain(coding, GOOD.getBytes(StandardCharsets.UTF_8)))
                .hasMessageEndingWith("in an unsupported content coding");
    }

    private static Reply call(String coding, byte[] body) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, "Content-Encoding: " + coding + "\r\n", body)) {
            return ScriptedCalls.call(server);
        }
    }

    private static Unreadable inVain(String coding, byte[] body) {
        try (ScriptedServer server = ScriptedServer.answering(200, "Content-Encoding: " + coding + "\r\n", body)) {
            return failedCall(server, Unreadable.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] packed(String text, Packer packer) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = packer.over(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}

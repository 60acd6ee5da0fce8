package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gzip file is read as its content; a truncated, invalid or excessively compressed one is refused. */
class GzipFilesTest {
    @TempDir
    Path folder;

    @Test
    void lineNumbersAreThoseOfTheContent() throws IOException {
        Path file = Files.write(folder.resolve("p.jsonl.gz"), gzip("{\"prompt\": \"a\"}\n\n{}\n"));

        assertThat(SourceFixture.read(folder, file))
                .extracting(SourceFixture::describe)
                .containsExactly("usable 1", "p.jsonl.gz:3: neither 'prompt' nor 'messages' is present");
    }

    @Test
    void concatenatedStreamsAreReadAsOne() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(gzip("prompt\na\n"));
        both.writeBytes(gzip("b\n"));

        assertThat(SourceFixture.read(folder, Files.write(folder.resolve("p.csv.gz"), both.toByteArray())))
                .hasSize(2);
    }

    @Test
    void anIncompleteFileIsRefused() throws IOException {
        byte[] whole = gzip("{\"prompt\": \"a\"}\n".repeat(100));
        refused(Arrays.copyOf(whole, whole.length / 2), ": incomplete gzip file; compress it again");
        refused("{\"prompt\": \"a\"}\n".getBytes(StandardCharsets.UTF_8), ": not a gzip file");
        refused(new byte[0], ": not a gzip file");
    }

    @Test
    void aDecompressionBombIsRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bomb)) {
            byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 100; i++) {
                out.write(spaces);
            }
        }

        refused(bomb.toByteArray(), ": expands to more than 200 times its size; decompress it first");
    }

    private void refused(byte[] bytes, String problem) throws IOException {
        Path file = Files.write(folder.resolve("bad.jsonl.gz"), bytes);
        assertThatThrownBy(() -> SourceFixture.check(SourceFixture.settings(Map.of(), file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("bad.jsonl.gz" + problem);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}

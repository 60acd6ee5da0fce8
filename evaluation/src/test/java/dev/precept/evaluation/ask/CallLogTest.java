package dev.precept.evaluation.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> text(CallLog log, String key) throws IOException {
        return log.get(key).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Whatever byte a kill cuts at: what is before it is whole, and the log goes on. */
    @Test
    void aLogThatIsCutAnywhereKeepsItsWholeEntries() throws IOException {
        Path file = folder.resolve("log");
        try (CallLog log = CallLog.open(file)) {
            log.put("a", bytes("{\"x\":\"é\"}"));
            log.put("b", bytes("2"));
            log.put("a", bytes("3"));
            log.put("c", bytes("4"));
            log.delete("c");
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Path cut = folder.resolve("cut" + length);
            Files.write(cut, Arrays.copyOf(whole, length));
            String kept = new String(whole, 0, length, StandardCharsets.UTF_8);
            long lines = kept.lines().count() - (kept.isEmpty() || kept.endsWith("\n") ? 0 : 1);
            try (CallLog log = CallLog.open(cut)) {
                assertThat(text(log, "a"))
                        .isEqualTo(lines == 0 ? Optional.empty() : Optional.of(lines < 3 ? "{\"x\":\"é\"}" : "3"));
                assertThat(text(log, "b")).isEqualTo(lines < 2 ? Optional.empty() : Optional.of("2"));
                assertThat(text(log, "c").isPresent()).isEqualTo(lines == 4);
                log.put("d", bytes("5"));
            }
            try (CallLog log = CallLog.open(cut)) {
                assertThat(text(log, "d")).contains("5");
                assertThat(text(log, "b").isPresent()).isEqualTo(lines >= 2);
            }
        }
    }

    @Test
    void anInterruptedThreadLeavesTheLogUsable() throws IOException {
        try (CallLog log = CallLog.open(folder.resolve("log"))) {
            Thread.currentThread().interrupt();
            log.put("a", bytes("1"));
            String read = text(log, "a").orElseThrow();
            assertThat(Thread.interrupted()).isTrue();
            log.put("b", bytes("2"));
            assertThat(read + text(log, "b").orElseThrow()).isEqualTo("12");
        } finally {
            boolean _ = Thread.interrupted();
        }
    }

    @Test
    void twoProcessesDoNotShareALog() throws IOException {
        Path file = folder.resolve("log");
        try (CallLog _ = CallLog.open(file)) {
            assertThatThrownBy(() -> CallLog.open(file))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("in use by another process");
        }
    }
}

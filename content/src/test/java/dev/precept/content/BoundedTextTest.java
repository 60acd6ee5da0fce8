package dev.precept.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "😀", "\ud83d", "aé€😀\ud83d"})
    void aTruncatedTextFitsIsAPrefixAndEndsWithAnEllipsis(String unit) {
        String text = unit.repeat(50);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        for (int bound = 3; bound <= bytes + 1; bound++) {
            String bounded = BoundedText.truncate(text, bound);
            assertThat(bounded.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(bound);
            if (bound >= bytes) {
                assertThat(bounded).isEqualTo(text);
            } else {
                assertThat(bounded).endsWith("…");
                assertThat(text).startsWith(bounded.substring(0, bounded.length() - 1));
                assertThat(bounded.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(bound - 4);
            }
        }
    }

    @Test
    void aDetailHasAtMostFourKibibytes() {
        assertThat(BoundedText.detail("x".repeat(2_000_000)).getBytes(StandardCharsets.UTF_8))
                .hasSize(4096);
        assertThat(BoundedText.detail("short")).isEqualTo("short");
    }

    @Test
    void aBoundBelowTheEllipsisIsABug() {
        assertThatThrownBy(() -> BoundedText.truncate("text", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2");
    }
}

package dev.precept.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text above the limit is cut between code points; a shorter one is unchanged. */
class TextLimitTest {
    @Test
    void aTextWithinTheLimitIsUnchanged() {
        assertThat(TextLimit.cut("", 3)).isEmpty();
        assertThat(TextLimit.cut("äöü", 6)).isEqualTo("äöü");
    }

    @Test
    void halfOfASurrogatePairIsReplaced() {
        assertThat(TextLimit.cut("a\ud83d b\ude00 😀", 40)).isEqualTo("a\ufffd b\ufffd 😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ä", "→", "😀"})
    void aLongerTextIsCutBetweenCodePoints(String letter) {
        String text = letter.repeat(3_000);
        for (int bytes = 3; bytes < 40; bytes++) {
            String cut = TextLimit.cut(text, bytes);
            assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isBetween(bytes - 3, bytes);
            assertThat(cut).endsWith("…");
            assertThat(text).startsWith(cut.substring(0, cut.length() - 1));
            assertThat(UntrustedText.isWellFormed(cut)).isTrue();
        }
    }
}

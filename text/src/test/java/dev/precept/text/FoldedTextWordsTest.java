package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldedTextWordsTest {
    @Test
    void eachCharacterOfAScriptWithoutSpacesIsAWordWithItsMarks() {
        assertThat(FoldedText.words("ที่นี่ GPT模型")).containsExactly("ที่", "นี่", "gpt", "模", "型");
    }

    @Test
    void markdownAndCaseDoNotMatter() {
        assertThat(FoldedText.words("**Bold**, `co`de \\| Cafe\u0301")).containsExactly("bold", "code", "café");
    }

    @Test
    void runsOfMarksAreCut() {
        assertThat(FoldedText.visible("a" + "\u0316\u0301".repeat(500_000))).hasSizeLessThan(32);
    }
}

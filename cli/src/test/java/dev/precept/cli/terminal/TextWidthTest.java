package dev.precept.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.runtime.ShellWord;
import dev.precept.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Texts are measured, cut and wrapped in columns, and printed in ASCII where a locale has nothing else. */
class TextWidthTest {
    @Test
    void wideCharactersTakeTwoColumnsAndMarksNone() {
        assertThat(TextWidth.columns("abc")).isEqualTo(3);
        assertThat(TextWidth.columns("日本")).isEqualTo(4);
        assertThat(TextWidth.columns("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.columns("🙂")).isEqualTo(2);
        assertThat(TextWidth.fit("日本語の文章", 8)).isEqualTo("日本…");
        assertThat(TextWidth.fit("fits", 4)).isEqualTo("fits");
    }

    @Test
    void linesBreakAtSpacesAndKeepTheirIndentation() {
        assertThat(TextWidth.wrap("one two three", 8)).containsExactly("one two", "three");
        assertThat(TextWidth.wrap("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
        assertThat(TextWidth.wrap("  indented text", 12)).containsExactly("  indented", "text");
        assertThat(TextWidth.wrap("", 10)).containsExactly("");
        assertThat(TextWidth.wrap("日本語", 1)).containsExactly("日", "本", "語");
    }

    @Test
    void noLineIsWiderThanTheWidthAndNothingIsLost() {
        RandomGenerator random = Seed.random(Seed.choose(TextWidthTest.class));
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(80); i > 0; i--) {
                text.appendCodePoint("ab 日🙂 e\u0301".codePoints().toArray()[random.nextInt(8)]);
            }
            int width = random.nextInt(2, 30);
            List<String> lines = TextWidth.wrap(text.toString(), width);
            assertThat(lines).allMatch(line -> TextWidth.columns(line) <= width);
            assertThat(String.join("", lines).replace(" ", ""))
                    .isEqualTo(text.toString().replace(" ", ""));
        }
    }

    @Test
    void anAsciiLocaleHasNoQuestionMarks() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = AsciiPrintStream.forCharset(new PrintStream(bytes, true, StandardCharsets.US_ASCII));
        out.println("a · b ── “c” … d → é 🙂");
        out.write(0xC3); // a character in two writes
        out.write(0xA9);
        out.flush();
        assertThat(bytes.toString(StandardCharsets.US_ASCII).replace(System.lineSeparator(), "\n"))
                .isEqualTo("a - b -- \"c\" ... d -> \\u00e9 \\ud83d\\ude42\n\\u00e9");
        PrintStream utf8 = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertThat(AsciiPrintStream.forCharset(utf8)).isSameAs(utf8);
    }

    @Test
    void commandsInMessagesCanBePasted() {
        String before = System.getProperty("precept.command");
        try {
            System.setProperty("precept.command", "../my tools/precept");
            assertThat(CommandName.in("run 'precept show x'; precept fails"))
                    .isEqualTo("run '\"../my tools/precept\" show x'; precept fails");
            System.clearProperty("precept.command");
            assertThat(CommandName.in("'precept run'")).isEqualTo("'precept run'");
        } finally {
            if (before == null) {
                System.clearProperty("precept.command");
            } else {
                System.setProperty("precept.command", before);
            }
        }
        assertThat(ShellWord.of("/a b$c")).isEqualTo("\"/a b\\$c\"");
    }
}

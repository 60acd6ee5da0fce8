package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
    private final Tokens tokens = new Tokens();

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        The  Quick, brown fox! | the quick brown fox
        don't — “stop” don’t   | don t stop don t
        Ünïcode Straße ΟΔΟΣ    | ünïcode straße οδος
        Привет, МИР            | привет мир
        # Title **bold** _it_  | title bold it
        [link](http://a.b/c)   | link http a b c
        "\\| a \\| b \\|"      | a b
        ~~gone~~ `code`        | gone code
        "> quoted > 3"         | quoted > 3
        我爱北京。             | 我 爱 北 京
        GPT模型                | gpt 模 型
        サーバー               | サ ー バ ー
        ที่นี่                    | ที่ นี่
        3 - 4                  | 3 - 4
        3-4                    | 3 - 4
        3*4 = 12               | 3 * 4 = 12
        3 \\* 4                | 3 * 4
        "3 − 4"                | 3 - 4
        (x+1)*5                | x + 1 * 5
        x^2 / 7                | x ^ 2 / 7
        **3** apples           | 3 apples
        - 5 apples             | 5 apples
        minus -5               | minus - 5
        50% off                | 50 % off
        and/or well-known a*b  | and or well known a b
        if (a < b) { f(x); }   | if a < b f x
        a=b; $x €5             | a = b $ x € 5
        ﬁne №5 ①               | fine no5 1
        """)
    void textsHaveTheseTokens(String text, String expected) {
        tokens.read(text);
        assertThat(tokens.toString()).isEqualTo(expected);
        assertThat(tokens.count()).isEqualTo(expected.split(" ").length);
        assertThat(tokens.length()).isEqualTo(expected.length());
    }

    @Test
    void textsWithoutLettersHaveNone() {
        for (String text : List.of(
                "", " \n\t", "🙂🙃 🚀", "...!?", "\u0000", "\uD83D", "\uDE00\uD83D", "\u0301\u0301", "\u200B\uFEFF")) {
            tokens.read(text);
            assertThat(tokens.count()).as(text).isZero();
            assertThat(tokens.length()).as(text).isZero();
        }
    }

    @Test
    void whatAReaderDoesNotSeeMakesNoDifference() {
        assertSame("cafe\u0301 au lait", "caf\u00E9 au lait");
        assertSame("ki\u200Bll the pro\u00ADcess", "kill the process");
        assertSame("a\u0000b", "a b");
        assertSame("one\u00A0two", "one two");
        assertSame("half \uD83D surrogate", "half surrogate");
        assertSame("emoji 🙂 between", "emoji between");
        assertSame("ＦＵＬＬ width", "full width");
        assertSame("x" + "\u0301".repeat(30), "x" + "\u0301".repeat(60));
    }

    @Test
    void theTableGivesTheTokensOfTheRules() {
        long seed = Seed.choose(TokensTest.class);
        RandomGenerator random = Seed.random(seed);
        String alphabet = "aBz09 \n>*-/%^()\\_`#|~+=<$.,:;éÉßΣλЖя\u00A0’“—…•\u0000&\u00D7";
        Tokens rules = new Tokens();
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            tokens.read(text.toString());
            rules.readByRules(text.toString());
            assertThat(tokens.toString())
                    .as("%s", text)
                    .isEqualTo(rules.toString().stripTrailing());
            for (int token = 0; token < tokens.count(); token++) {
                assertThat(tokens.hash(token)).isEqualTo(rules.hash(token));
            }
        }
    }

    @Test
    void aMegabyteIsReadInLinearTime() {
        for (String part :
                List.of("lorem ipsum 5 * ", "- ", ">", "x\u0301\u0327", "\u0301\u0327\u0327\u0301", "漢", "a")) {
            String text = "x" + part.repeat((1 << 20) / part.length());
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> tokens.read(text), part);
        }
        tokens.read("short again");
        assertThat(tokens.toString()).isEqualTo("short again");
    }

    private void assertSame(String one, String other) {
        tokens.read(one);
        String first = tokens.toString();
        tokens.read(other);
        assertThat(first).isEqualTo(tokens.toString()).isNotEmpty();
    }
}

package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisiblePlacesTest {
    private static final String[] PIECES = {
        "plain words ",
        "**bold** ",
        "\\_escaped ",
        "so\u00adft ",
        "ef\ufb01cient ",
        "e\u0301 ",
        "\u00e9a\u0323\u0302 ",
        "\u200b",
        "\u2011",
        "\u2212",
        "漢字",
        "한\u1100\u1161",
        "\ud835\udc00",
        "½",
        "ﷺ",
        "\u0301",
        "\n\t",
        "ไทย",
        "*"
    };

    @Test
    void isTheVisibleTextAndEveryCharacterHasItsPlace() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int piece = random.nextInt(30); piece > 0; piece--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String original = text.toString();
            VisiblePlaces places = VisiblePlaces.of(original);
            assertThat(places.visible()).as("seed %d: %s", seed, original).isEqualTo(FoldedText.visible(original));
            for (int at = 0; at < places.visible().length(); at++) {
                assertThat(places.start(at))
                        .as("seed %d: %s", seed, original)
                        .isBetween(at == 0 ? 0 : places.start(at - 1), places.end(at + 1) - 1);
            }
        }
    }

    @ParameterizedTest(name = "{1} in {0}")
    @CsvSource({
        "cites **my-rule** here, my-rule, my-rule",
        "cites my-\u00adrule\u200b here, my-rule, my-\u00adrule",
        "an ef\ufb01cient rule, efficient, ef\ufb01cient",
        "cites my\\-rule here, my-rule, my\\-rule",
        "a cafe\u0301 rule, café, cafe\u0301",
        "規\u304b\u3099則\u304b\u3099規, 則, 則",
        "規\u1112\u1161\u11ab則e\u0301規, 則, 則",
        "x \ud835\udc00\ud835\udc01 y, AB, \ud835\udc00\ud835\udc01",
    })
    void aPhraseOfTheVisibleTextIsFoundInTheOriginal(String original, String phrase, String expected) {
        VisiblePlaces places = VisiblePlaces.of(original);
        int at = places.visible().indexOf(phrase);
        assertThat(original.substring(places.start(at), places.end(at + phrase.length())))
                .isEqualTo(expected);
    }
}

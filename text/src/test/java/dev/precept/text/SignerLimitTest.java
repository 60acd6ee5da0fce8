package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignerLimitTest {
    private static final String CHINESE = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳";

    @Test
    void shortTextsAreComparedByCharactersLongOnesByWordsMediumOnesByBoth() {
        assertThat(kinds(words(20))).containsExactly(Shingling.CHARACTERS);
        assertThat(kinds(words(60))).containsExactly(Shingling.WORDS, Shingling.CHARACTERS);
        assertThat(kinds(words(100))).containsExactly(Shingling.WORDS);
        assertThat(kinds(CHINESE)).containsExactly(Shingling.CHARACTERS);
        assertThat(kinds(CHINESE.repeat(5))).containsExactly(Shingling.WORDS, Shingling.CHARACTERS);
        assertThat(kinds(CHINESE.repeat(10))).containsExactly(Shingling.WORDS);
        assertThat(kinds("dGhpcyBpcyBub3QgYSB0ZXh0".repeat(200))).containsExactly(Shingling.CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95})
    void aPairOnBothSidesOfALimitIsFound(double threshold) {
        RandomGenerator random = Seed.random(Seed.choose(SignerLimitTest.class));
        Signer signer = new Signer(Banding.of(threshold));
        int found = 0;
        int pairs = 0;
        for (int words = 22; words <= 95; words++) {
            for (int round = 0; round < 8; round++) {
                String one = PlantedPairs.text(random, words, 5000);
                int more = (int) (random.nextDouble() * words * (1 / threshold - 1)) + 1;
                String other = one + " " + PlantedPairs.text(random, more, 5000);
                if (ShingleSetJaccardTest.exact(one, other, Shingling.CHARACTERS) >= threshold) {
                    Signature a = signer.sign(one);
                    Signature b = signer.sign(other);
                    assertThat(kindsOf(a))
                            .as("%s and %s words", words, words + more)
                            .containsAnyElementsOf(kindsOf(b));
                    boolean similar = a.similarity(b) >= threshold;
                    pairs += similar ? 1 : 0;
                    found += similar && haveCommonBand(a, b) ? 1 : 0;
                }
            }
        }
        assertThat((double) found / pairs).as("%s of %s", found, pairs).isGreaterThan(0.96);
    }

    private static String words(int count) {
        return PlantedPairs.text(Seed.random(3), count, 5000);
    }

    private static List<Shingling> kinds(String text) {
        return kindsOf(new Signer(Banding.of(0.8)).sign(text));
    }

    private static List<Shingling> kindsOf(Signature signature) {
        return signature.shingles().stream().map(ShingleSet::shingling).toList();
    }

    static boolean haveCommonBand(Signature one, Signature other) {
        for (long band : one.bands()) {
            for (long theirs : other.bands()) {
                if (band == theirs) {
                    return true;
                }
            }
        }
        return false;
    }
}

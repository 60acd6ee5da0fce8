package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ShingleSetJaccardTest {
    private final Signer signer = new Signer(Banding.of(0.8));

    @Test
    void isThatOfSetsOfShingles() {
        RandomGenerator random = Seed.random(Seed.choose(ShingleSetJaccardTest.class));
        for (int round = 0; round < 300; round++) {
            String one = PlantedPairs.text(random, 5 + random.nextInt(150), 40);
            String other = PlantedPairs.edited(random, one, random.nextInt(12));
            for (ShingleSet a : signer.sign(one).shingles()) {
                for (ShingleSet b : signer.sign(other).shingles()) {
                    double exact = a.shingling() == b.shingling() ? exact(one, other, a.shingling()) : 0;
                    assertThat(a.jaccard(b)).as("%s\n%s", one, other).isEqualTo(exact, Offset.offset(1e-9));
                }
            }
        }
    }

    @Test
    void shinglesAreDistinctAndAscending() {
        for (ShingleSet set :
                signer.sign("again and again the same words ".repeat(12)).shingles()) {
            assertThat(set.hashes()).isSorted().doesNotHaveDuplicates();
            assertThat(set.size()).isLessThan(40);
        }
    }

    @Test
    void shinglesOfAShortTextCountTheFirstAndLastWordLikeOthers() {
        assertThat(signer.sign("a").shingles().getFirst().size()).isEqualTo(5);
        assertThat(signer.sign("hello").shingles().getFirst().size()).isEqualTo(9);
    }

    @Test
    void withoutTokensNothingIsSimilar() {
        Signature none = signer.sign("🙂 ...");
        assertThat(none.shingles()).isEmpty();
        assertThat(none.bands()).isEmpty();
        assertThat(none.similarity(none)).isZero();
        assertThat(new ShingleSet(Shingling.WORDS, new int[0]).jaccard(new ShingleSet(Shingling.WORDS, new int[0])))
                .isZero();
    }

    @Test
    void decisiveWordsOfShortQuestionsDifferAndFormDoesNot() {
        assertThat(similarity("What is the capital of France?", "What is the capital of Spain?"))
                .isLessThan(0.6);
        assertThat(similarity("What is 17 * 24?", "What is 17 / 24?")).isLessThan(0.8);
        assertThat(similarity(
                        "What are the main causes and long-term consequences of the war in Vietnam?",
                        "What are the main causes and long-term consequences of the war in Korea?"))
                .isLessThan(0.8);
        assertThat(similarity("what is the capital  of\nFRANCE", "**What** is the capital of France?"))
                .isEqualTo(1);
        assertThat(similarity(
                        "Which documents do I need to bring when I register a used car that I bought abroad?",
                        "Which documents do I need to bring when registering a used car that I bought abroad?"))
                .isGreaterThan(0.8);
    }

    private double similarity(String one, String other) {
        return signer.sign(one).similarity(signer.sign(other));
    }

    /** The similarity of sets of substrings. */
    static double exact(String one, String other, Shingling shingling) {
        Set<Object> mine = shingles(one, shingling);
        Set<Object> theirs = shingles(other, shingling);
        Set<Object> common = new HashSet<>(mine);
        common.retainAll(theirs);
        mine.addAll(theirs);
        return (double) common.size() / mine.size();
    }

    private static Set<Object> shingles(String text, Shingling shingling) {
        Set<Object> shingles = new HashSet<>();
        List<String> words = List.of(text.split(" "));
        String padded = "    " + text + "    ";
        int count = (shingling == Shingling.WORDS ? words.size() : padded.length()) - 4;
        for (int at = 0; at < count; at++) {
            shingles.add(shingling == Shingling.WORDS ? words.subList(at, at + 5) : padded.substring(at, at + 5));
        }
        return shingles;
    }
}

package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.precept.text.SearchedText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clause is cited if its id is a whole token; an id that is an ordinary word must be marked. */
class CitationsTest {
    private static final int LARGEST_TEXT = 512 << 10;

    @TempDir
    Path folder;

    private Specification specification;

    @BeforeEach
    void load() {
        specification = SpecFixture.kitchen(folder).load();
    }

    @Test
    void idsAreFoundInTheOrderOfTheirFirstCitationWithoutRepeats() {
        assertThat(cited("By shared-S1, and knives-K1; shared-S1 again. See be_brief."))
                .containsExactly("shared-S1", "knives-K1", "be_brief");
    }

    @Test
    void anIdIsFoundBetweenAnyPunctuation() {
        for (String text : List.of(
                "knives-K1",
                "#knives-K1",
                "[knives-K1]",
                "(knives-K1)",
                "{#knives-K1 authority=root}",
                "`knives-K1`",
                "**knives-K1**",
                "[how to hold](#knives-K1).",
                "knives-K1's",
                "—knives-K1—",
                "\ud83d\ude00knives-K1\ud83d\ude00")) {
            assertThat(cited(text)).as(text).containsExactly("knives-K1");
        }
    }

    @Test
    void aPartOfALongerTokenIsNoCitation() {
        for (String text : List.of(
                "knives-K10",
                "my-knives-K1",
                "knives-K1-b",
                "knives-K1_",
                "_knives-K1",
                "Knives-K1",
                "knives-k1",
                "éknives-K1",
                "knives-K1\ud835\udc00",
                "knives",
                "K1",
                "knives -K1")) {
            assertThat(cited(text)).as(text).isEmpty();
        }
    }

    @Test
    void anOrdinaryWordCountsOnlyWhenMarked() {
        for (String text :
                List.of("fire", "The fire, and fire.", "(fire)", "fire]", "[fire", "\"fire", "fire#", "\"fire'")) {
            assertThat(cited(text)).as(text).isEmpty();
        }
        for (String text : List.of(
                "#fire",
                "[fire]",
                "{#fire}",
                "`fire`",
                "\"fire\"",
                "'fire'",
                "\u201cfire\u201d",
                "\u2018fire\u2019",
                "[fire](#fire)",
                "no fire, but [fire]")) {
            assertThat(cited(text)).as(text).containsExactly("fire");
        }
    }

    @Test
    void ordinaryWordsHaveOnlyLettersAndNoInnerCapitals() {
        assertThat(List.of("fire", "Fire", "été", "a")).allMatch(ClauseId::isOrdinaryWord);
        assertThat(List.of("fire-F1", "be_brief", "K3", "CSAM", "selfHarm", "self-harm"))
                .noneMatch(ClauseId::isOrdinaryWord);
    }

    @Test
    void onlyClausesOfTheExcerptCount() {
        String text = "fire-F1, then knives-K1, then be_brief";
        assertThat(Citations.of(specification.excerpt(List.of("Fire"))).find(SearchedText.of(text)))
                .containsExactly("fire-F1", "be_brief");
        assertThat(Citations.of(specification.excerpt(List.of("Knives"))).find(SearchedText.of(text)))
                .containsExactly("knives-K1", "be_brief");
        assertThat(Citations.of(specification).find(SearchedText.of(text)))
                .containsExactly("fire-F1", "knives-K1", "be_brief");
    }

    @Test
    void largeTextsOfAnyKindAreSearchedQuickly() {
        for (String unit : List.of("a", "-", "#", "[", "knives-K1", "knives-K1 ", "[fire", "\ud83d\ude00", "\ud800")) {
            String text = unit.repeat(LARGEST_TEXT / unit.length()) + " [fire]";
            assertThat(assertTimeout(Duration.ofSeconds(5), () -> cited(text)))
                    .as(unit)
                    .contains("fire");
        }
    }

    private List<String> cited(String text) {
        return Citations.of(specification).find(SearchedText.of(text));
    }
}

package dev.precept.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ModelCallException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The model in the jar: similar meanings have similar vectors, and nothing stays behind. */
class MiniLmTest {
    private static MiniLm model;

    @BeforeAll
    static void load() throws ModelCallException {
        model = MiniLm.load(1);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static double cosine(String one, String other) throws ModelCallException {
        List<float[]> vectors = model.embed(List.of(one, other));
        double product = 0;
        for (int n = 0; n < vectors.get(0).length; n++) {
            product += (double) vectors.get(0)[n] * vectors.get(1)[n];
        }
        return product;
    }

    @Test
    void aParaphraseIsCloserThanAnotherSubject() throws ModelCallException {
        String text = "How do I bake bread without an oven?";
        assertThat(cosine(text, "Is there a way to make bread if I have no oven?"))
                .isBetween(0.8, 1.0);
        assertThat(cosine(text, "Which planet has the most moons?")).isLessThan(0.3);
        assertThat(cosine(text, text)).isBetween(0.999999, 1.000001);
    }

    @Test
    void theEndOfALongTextCounts() throws ModelCallException {
        String start = "A story about a gardener and her roses. ".repeat(40);
        assertThat(cosine(start, start + "Then the spaceship left for the moons of Jupiter. ".repeat(40)))
                .isLessThan(0.95);
    }

    @Test
    void aTextHasOneVectorWhateverIsEmbeddedWithIt() throws ModelCallException {
        List<float[]> alone = model.embed(List.of("One sentence."));
        List<float[]> beside =
                model.embed(List.of("A much longer text, with more words than the other.", "One sentence."));
        assertThat(beside.get(1)).isEqualTo(alone.get(0)).hasSize(384);
    }

    @Test
    void theLibraryLeavesNoFile() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("precept-onnx-"));
        }
    }

    @Test
    void piecesAreThoseOfTheVocabulary() throws IOException {
        try (InputStream json = MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
            WordPiece tokenizer = WordPiece.read(json);
            assertThat(tokenizer.encode("Café, unaffable!", 16)).containsExactly(7668, 1010, 14477, 20961, 3468, 999);
            assertThat(tokenizer.encode("中文\u0000 x", 16))
                    .containsExactly(tokenizer.id("中"), tokenizer.id("文"), tokenizer.id("x"));
            assertThat(tokenizer.encode("a\uD83D\uDE00b", 16)).containsExactly(tokenizer.id("[UNK]"));
            assertThat(tokenizer.encode("a b c d", 2)).hasSize(2);
            assertThat(tokenizer.encode("", 4)).isEmpty();
        }
    }
}

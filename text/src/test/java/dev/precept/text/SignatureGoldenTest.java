package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bands are stored: a red test means that {@link Signer#VERSION} must go up, or the change must go. */
class SignatureGoldenTest {
    private static final String LINE = "Storage of rain water saves money, and 3 * 40 litres are soon used. ";

    @ParameterizedTest
    @CsvSource({
        "1, 0.8, What is the capital of France?, 88044026, 2054141492",
        "1, 0.8, 法国的首都是哪里？, -1050099739, 1862806341",
        "1, 0.8, long, -723173731, -2146842096",
        "1, 0.8, medium, -41357568, -367334111",
        "1, 0.5, long, -723173731, 1821394258",
        "1, 0.8, Crème brûlée — “très” bon’s 3 − 4 ½, -28005671, 1279307212",
    })
    void signaturesOfAVersionNeverChange(int version, double threshold, String text, int shingles, int bands) {
        assertThat(version).isEqualTo(Signer.VERSION);
        String whole = switch (text) {
            case "long" -> lines(9);
            case "medium" -> lines(4);
            default -> text;
        };
        Signature signature = new Signer(Banding.of(threshold)).sign(whole);
        int hash = 0;
        for (ShingleSet set : signature.shingles()) {
            hash = 31 * hash + 7 * set.shingling().number() + Arrays.hashCode(set.hashes());
        }
        assertThat(new int[] {hash, Arrays.hashCode(signature.bands())}).isEqualTo(new int[] {shingles, bands});
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(line -> LINE + line + ". ").collect(Collectors.joining());
    }
}

package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoded offsets equal the encoded ones or a prefix of them: never an offset that is not finished. */
class FinishedOffsetsRoundTripTest {
    private static final int ROUNDS = 2_000;
    private static final int PLENTY = 4_096;

    private static final long SEED = Seed.choose(FinishedOffsetsRoundTripTest.class);

    private final RandomGenerator random = Seed.random(SEED);

    @Test
    void offsetsThatFitAreDecodedUnchanged() {
        for (int round = 0; round < ROUNDS; round++) {
            BitSet finished = finished(random.nextInt(1, 3_000));
            String text = FinishedOffsets.encode(finished, PLENTY);
            assertThat(FinishedOffsets.decode(text)).isEqualTo(finished);
        }
    }

    @Test
    void offsetsThatDoNotFitAreTruncatedAtTheirEnd() {
        for (int round = 0; round < ROUNDS; round++) {
            BitSet finished = finished(random.nextInt(1, 3_000));
            int most = random.nextInt(1, 60);
            String text = FinishedOffsets.encode(finished, most);
            BitSet read = FinishedOffsets.decode(text);

            assertThat(text.length()).isLessThanOrEqualTo(most);
            assertThat(read).isEqualTo(finished.get(0, read.length()));
        }
    }

    @Test
    void thePatternWithTheLongestTextFitsIntoACommit() {
        BitSet everySecond = new BitSet();
        for (int i = 1; i < 2_500; i += 2) {
            everySecond.set(i);
        }
        String text = FinishedOffsets.encode(everySecond, PLENTY);
        assertThat(text.length()).isLessThan(PLENTY / 8);
        assertThat(FinishedOffsets.decode(text)).isEqualTo(everySecond);
    }

    @Test
    void aLongRunTakesAFewCharacters() {
        BitSet run = new BitSet();
        run.set(1, 1_000_000);
        String text = FinishedOffsets.encode(run, 30);
        assertThat(FinishedOffsets.decode(text)).isEqualTo(run);
    }

    @Test
    void noFinishedOffsetsAreAnEmptyText() {
        assertThat(FinishedOffsets.encode(new BitSet(), PLENTY)).isEmpty();
        assertThat(FinishedOffsets.decode("")).isEqualTo(new BitSet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r",
                "b",
                "x",
                " ",
                "rebalanced",
                "restored",
                "bootstrap",
                "batch-7",
                "b////",
                "r////",
                "rAAAA",
                "rAf8=",
                "r/////w8B",
                "rgICAgAgB",
                "r_____",
                "{\"owner\":\"another\"}",
                "ünknown",
                "bAAAAAAAAAAA="
            })
    void metadataOfAnotherProgramIsIgnored(String metadata) {
        assertThat(FinishedOffsets.decode(metadata)).isEqualTo(new BitSet());
    }

    @Test
    void damagedMetadataIsIgnored() {
        for (int round = 0; round < ROUNDS; round++) {
            BitSet finished = finished(random.nextInt(30, 200));
            String damaged = damaged(FinishedOffsets.encode(finished, PLENTY));
            // A character may be replaced by itself, or by one that differs only in unused bits.
            assertThat(FinishedOffsets.decode(damaged)).as(damaged).isIn(new BitSet(), finished);
        }
    }

    private String damaged(String text) {
        int at = random.nextInt(text.length());
        char other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charAt(random.nextInt(64));
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + other + text.substring(at + 1);
            default -> text.substring(0, at) + other + text.substring(at);
        };
    }

    /** Runs of random lengths, so that either encoding is sometimes shorter; offset 0 is never finished. */
    private BitSet finished(int most) {
        BitSet finished = new BitSet();
        int longest = random.nextInt(1, 100);
        int at = random.nextInt(1, 20);
        while (at < most) {
            int end = Math.min(most, at + random.nextInt(1, longest + 1));
            finished.set(at, end);
            at = end + random.nextInt(1, longest + 1);
        }
        return finished;
    }
}

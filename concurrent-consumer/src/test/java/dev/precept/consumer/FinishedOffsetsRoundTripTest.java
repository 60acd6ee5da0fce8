package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written beside a committed offset reads back as it was, or as less: never as work that was not done. */
class FinishedOffsetsRoundTripTest {
    private static final int ROUNDS = 2_000;
    private static final int PLENTY = 4_096;

    private static final long SEED = Seed.choose(FinishedOffsetsRoundTripTest.class);

    private final RandomGenerator random = Seed.random(SEED);

    @Test
    void whatFitsReadsBackAsItWas() {
        for (int round = 0; round < ROUNDS; round++) {
            BitSet finished = finished(random.nextInt(1, 3_000));
            String text = FinishedOffsets.encode(finished, PLENTY);
            assertThat(FinishedOffsets.decode(text)).isEqualTo(finished);
        }
    }

    @Test
    void whatDoesNotFitLosesItsEndAndNothingElse() {
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
    void nothingFinishedIsNoText() {
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
                "{\"owner\":\"somebody\"}",
                "ünknown",
                "bAAAAAAAAAAA="
            })
    void wordsOfAnotherWriterSayNothingIsFinished(String metadata) {
        assertThat(FinishedOffsets.decode(metadata)).isEqualTo(new BitSet());
    }

    @Test
    void damagedTextSaysNothingIsFinished() {
        for (int round = 0; round < ROUNDS; round++) {
            BitSet finished = finished(random.nextInt(30, 200));
            String damaged = damaged(FinishedOffsets.encode(finished, PLENTY));
            // A letter may be replaced by itself, or by one that differs in bits that carry nothing.
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

    /** Runs of random lengths, so that either form is the shorter one at times; offset 0 is never finished. */
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
